import { NOISE_SCRIPT } from '../../src/environment/noise.ts';
import type { LinkLost } from '../../src/target/link.ts';
import { linkLost } from '../../src/target/link.ts';
import type { TrialEnd } from '../../src/target/end-script.ts';
import type { CommandResult } from '../../src/target/lifecycle.ts';
import type { Moment, RunResult, TrialStream } from '../../src/target/stream.ts';
import type { TargetFacts } from '../../src/target/residence.ts';
import { Target, type TrialOptions } from '../../src/target/target.ts';

/** What a workload does in one run: returns its output, throws nothing, and may never end. */
export type Program = (run: { key: string; options: TrialOptions }) => Printed | Promise<Printed>;
type Printed = string | Partial<RunResult>;

/** A run that a guest has begun. */
interface Begun {
  result: Promise<RunResult>;
}

/**
 * A target without a machine: a guest that keeps what each trial began in it, by directory and key, until the
 * trial is ended there, over a link that can be cut. It answers like sshd and the guest's shell.
 */
export class FakeTarget extends Target {
  /** All requests to it, in order. */
  readonly asked: string[] = [];
  /** Runs of the workload, each once however often it was requested. */
  readonly ran: string[] = [];
  /** What each trial keeps there. */
  readonly kept = new Map<string, Map<string, Begun>>();
  /** Streams that are open. */
  readonly streams = new Set<FakeStream>();
  /** Nothing answers there any more. */
  gone = false;
  closed = false;
  /** Results can be kept there. */
  room = true;
  boot: string;
  clocksource = 'tsc';
  /** CPU time so far, in ticks: its own, and what its hypervisor withheld. */
  readonly ticks = { own: 100, stolen: 0 };
  remarks: string[] = [];
  /** Missing programs. */
  absent: readonly string[] = [];
  /** What a trial left behind, reported at the end of the next one. */
  left: TrialEnd['left'] = [];
  /** Trials that were ended, but whose files are still kept. */
  readonly ended: string[] = [];
  /** When each of its runs started. */
  started: Moment | null = null;
  program: Program = () => 'speed: 42\n';
  /** Its answer to a script. */
  answer: (script: string) => Partial<CommandResult> | Promise<Partial<CommandResult>> = () => ({});

  constructor(name: string) {
    super(name, { ssh: name }, '/nowhere');
    this.boot = `first of ${name}`;
  }

  /** All links break; a new one can be made unless the target is gone. */
  cut(): void {
    for (const stream of this.streams) stream.break();
  }

  override reconnect(onAttempt: (error: LinkLost) => void): Promise<void> {
    this.asked.push('reconnect');
    if (!this.gone) return Promise.resolve();
    const lost = this.lost('no connection');
    onAttempt(lost);
    return Promise.reject(lost);
  }

  override async run(script: string): Promise<CommandResult> {
    this.asked.push(script);
    if (this.gone) throw this.lost('a command could not be run to its end');
    if (script.includes('PRETTY_NAME'))
      return said({ stdout: `boot\t${this.boot}\nclocksource\t${this.clocksource}\n` });
    if (script === NOISE_SCRIPT)
      return said({
        stdout: `0.1 0.1 0.1 1/9 9\ncpu  ${this.ticks.own} 0 1 9 0 0 0 ${this.ticks.stolen}\nthrottled \nclocksource ${this.clocksource}\n`,
      });
    if (script.includes('command -v ')) return said({ stdout: this.#locate(script) });
    return said(await this.answer(script));
  }

  /** A line for each program that is looked for. */
  #locate(script: string): string {
    const lines = script.split('\n').map((line) => {
      const [, program = ''] = /command -v '?([^' )]+)/.exec(line) ?? [];
      return this.absent.includes(program) ? '' : `/bin/${program}`;
    });
    return `${lines.join('\n')}\n`;
  }

  override change(script: string): Promise<CommandResult> {
    return this.run(script);
  }

  override facts(): Promise<TargetFacts> {
    if (this.gone) return Promise.reject(this.lost('no connection'));
    const clock = { source: 'date', tickNs: 1, monotonic: true } as const;
    return Promise.resolve({
      ...{ shell: 'sh', clock, containment: 'search', scratch: '/dev/shm' },
      ...{ boot: this.boot, remarks: this.remarks },
    });
  }

  override beginVisit(): Promise<void> {
    return Promise.resolve();
  }

  override openTrial(options: TrialOptions): Promise<TrialStream> {
    if (this.gone) return Promise.reject(this.lost('no connection'));
    const stream = new FakeStream(this, options);
    this.streams.add(stream);
    if (!this.kept.has(options.directory)) this.kept.set(options.directory, new Map());
    // A stream is a class with private parts, of which a trial only knows `run` and `close`.
    return Promise.resolve(stream as unknown as TrialStream);
  }

  /** A run of that key: the one that was begun, or else a new one. */
  begin(key: string, options: TrialOptions): Promise<RunResult> {
    const directory = this.kept.get(options.directory) ?? new Map<string, Begun>();
    const known = directory.get(key);
    if (known !== undefined) return known.result;
    this.ran.push(key);
    const result = Promise.resolve(this.program({ key, options })).then((printed) => ({
      started: this.started,
      ...resultOf(printed),
    }));
    directory.set(key, { result });
    return result;
  }

  override hasBegun(directory: string, key: string): Promise<boolean> {
    if (this.gone) return Promise.reject(this.lost('no connection'));
    return Promise.resolve(this.kept.get(directory)?.has(key) ?? false);
  }

  /** Ends the leaders of that trial, and with them their streams; its files stay. */
  override async endTrial(directory: string, graceMs: number): Promise<TrialEnd> {
    this.asked.push(`end ${directory} ${graceMs}`);
    if (this.gone) throw this.lost('a command could not be run to its end');
    for (const stream of this.streams) if (stream.options.directory === directory) stream.break();
    await Promise.resolve();
    this.ended.push(directory);
    return { left: this.left.splice(0), ended: true };
  }

  override forgetTrial(directory: string): Promise<void> {
    this.kept.delete(directory);
    return Promise.resolve();
  }

  override endVisit(): Promise<TrialEnd> {
    for (const directory of this.ended.splice(0)) this.kept.delete(directory);
    return Promise.resolve({ left: [], ended: true });
  }

  override hasRoom(): Promise<boolean> {
    return Promise.resolve(this.room);
  }

  override full(): void {
    this.asked.push('full');
  }

  override leave(): Promise<void> {
    this.asked.push('leave');
    if (this.gone) return Promise.reject(this.lost('a command could not be run to its end'));
    this.kept.clear();
    return Promise.resolve();
  }

  override get unreachable(): LinkLost | undefined {
    return this.gone ? this.lost('no connection') : undefined;
  }

  override get hasFiles(): boolean {
    return true;
  }

  override close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  lost(stage: string): LinkLost {
    return linkLost(this.address, stage, '');
  }
}

class FakeStream {
  readonly tickNs = 1;
  readonly options: TrialOptions;
  readonly #target: FakeTarget;
  readonly #broken: Promise<never>;
  #break!: (error: LinkLost) => void;

  constructor(target: FakeTarget, options: TrialOptions) {
    this.#target = target;
    this.options = options;
    this.#broken = new Promise((_, reject) => (this.#break = reject));
    this.#broken.catch(() => undefined);
  }

  async run(key: string, barrier?: () => Promise<void>): Promise<RunResult> {
    if (barrier !== undefined) await Promise.race([barrier(), this.#broken]);
    return Promise.race([this.#broken, this.#target.begin(key, this.options)]);
  }

  break(): void {
    this.#target.streams.delete(this);
    this.#break(this.#target.lost('the guest shell stream ended'));
  }

  close(): void {
    this.break();
  }
}

function said(result: Partial<CommandResult>): CommandResult {
  return { exitCode: 0, stdout: '', stderr: '', ...result };
}

function resultOf(printed: Printed): Omit<RunResult, 'started'> & Partial<RunResult> {
  const result = typeof printed === 'string' ? { stdout: Buffer.from(printed) } : printed;
  return {
    exitCode: 0,
    durationNs: 1e9,
    stdout: Buffer.alloc(0),
    stderr: Buffer.alloc(0),
    cut: false,
    ...result,
  };
}
