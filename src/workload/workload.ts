/** What a workload yields: one figure. */
export interface Metric {
  name: string;
  unit: string;
  better: 'higher' | 'lower';
  /** Finite and above zero: a zero, a NaN or a missing line is a failure with a reason, never a number. */
  value: number;
}

/** The result of an attempt at something that a guest must not be able to do. */
export const VERDICTS = ['refused', 'allowed', 'not-applicable'] as const;

export interface Verdict {
  outcome: (typeof VERDICTS)[number];
  /** What the program saw: hostile text. */
  evidence: string;
}

/** One measured value of each of a workload's metrics, with whatever else the program reported. */
export interface Reading {
  metrics: Metric[];
  /** The program's own phases, in ns (init, alloc, htod, launch, dtoh, close). */
  phases: Record<string, number>;
  /** Crossings of the guest/host boundary, by kind. */
  crossings: Record<string, number>;
  /** The hypercalls that those caused, by kind: calls that map and unmap, and their pages. */
  hypercalls?: Record<string, number>;
  /** How many operations it did. */
  operations?: number;
  /**
   * A checksum of what it computed, as reported by the program: hostile text. Equal in all modes if the
   * results are.
   */
  checksum?: string;
  /** The share of the figure, 0 to 1, spent reading the clock, as reported by the program. */
  clockShare?: number;
  /** For a probe, which has no metrics. */
  verdict?: Verdict;
}

/** The output of one run of the program. */
export interface WorkloadOutput {
  stdout: string;
  /** Only its end, if it is long. */
  stderr: string;
  exitCode: number;
  /** By the guest's clock, in ns; null if it could not be measured. */
  durationNs: number | null;
  /** The tick of that clock, in ns. */
  tickNs: number;
}

/** A GPGPU program with fixed arguments. Built-in workloads implement this and nothing else. */
export interface Workload {
  name: string;
  /** The command line, for a POSIX shell on the target. */
  command(): string;
  /** The directory to run in; the login directory by default. */
  directory?: string | undefined;
  /**
   * The readings of one run, at least one.
   * @throws WorkloadFailure with the reason, if the output has no believable figure; WrongResult if the
   *   program reports a wrong result, which casts doubt on the mode and voids the trial.
   */
  parse(output: WorkloadOutput): Reading[];
  /** The best that the device can do, by metric: a figure beyond it voids the trial. */
  limits: Readonly<Record<string, number>>;
}

/**
 * For a reason, in characters: it must fit a terminal's screen and a table's cell, however much it quotes.
 */
const LONGEST_REASON = 500;

/** The workload ran but gave no figure: it failed, or its output can't be believed. */
export class WorkloadFailure extends Error {
  override readonly name: string = 'WorkloadFailure';

  /** @param reason truncated if long, because most of it is then text from a guest */
  constructor(reason: string, options?: ErrorOptions) {
    super(reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON - 1)}…` : reason, options);
  }
}

/** The program itself found that the GPU computed a wrong result. */
export class WrongResult extends WorkloadFailure {
  override readonly name = 'WrongResult';
}

/** A metric with a checked value. @throws WorkloadFailure */
export function metric(name: string, unit: string, better: Metric['better'], value: number): Metric {
  if (!Number.isFinite(value) || value <= 0)
    throw new WorkloadFailure(`${name}: expected a number above zero, found ${String(value)}`);
  return { name, unit, better, value };
}

/** @throws WorkloadFailure unless the program exited with 0. */
export function requireSuccess(output: WorkloadOutput): void {
  if (output.exitCode === 0) return;
  const words = lastLine(output.stderr) ?? lastLine(output.stdout);
  throw new WorkloadFailure(`${exitMeaning(output.exitCode)}${words === undefined ? '' : `: ${words}`}`);
}

function exitMeaning(code: number): string {
  if (code === 126) return 'exit status 126: the program can’t be executed';
  if (code === 127) return 'exit status 127: no such program on the target';
  if (code === SIGXFSZ) return 'it wrote more to one file, or to its output, than limits.file allows';
  // A shell reports a signal this way; above its range it is the program's own exit status, as from exit(-1).
  return code > 128 && code <= 128 + LAST_SIGNAL ? `ended by signal ${code - 128}` : `exit status ${code}`;
}

/** SIGRTMAX on Linux. */
const LAST_SIGNAL = 64;

/** 128 + SIGXFSZ. */
const SIGXFSZ = 153;

function lastLine(text: string): string | undefined {
  const end = text.trimEnd();
  const line = end.slice(end.lastIndexOf('\n') + 1).trimStart();
  return line === '' ? undefined : line.slice(0, 300);
}
