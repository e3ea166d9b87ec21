import type { Experiment } from '../experiment/schema.ts';
import type { Mode } from '../mode/mode.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import { messageOf } from '../problem.ts';
import type { Emit, GuestSample, Outcome } from '../record/event.ts';
import { LinkLost } from '../target/link.ts';
import type { RunResult } from '../target/stream.ts';
import { timer } from '../target/timer.ts';
import { type Workload, WorkloadFailure, WrongResult } from '../workload/workload.ts';
import { NotAttested, attestDuring } from './attest-during.ts';
import { adopt, clear } from './adopt.ts';
import { type GuestResult, GuestRun } from './guest-run.ts';
import { climb, isHang } from './ladder.ts';
import { leftoverWords } from './leftover.ts';
import { Implausible, checkPlausible } from './plausible.ts';
import { type Spread, runTogether } from './run-together.ts';
import { sampleTrial } from './sampler.ts';
import type { Placed } from './sites.ts';

export interface TrialContext {
  experiment: Experiment;
  mode: Mode;
  workload: Workload;
  /** Where it runs. */
  guests: readonly Placed[];
  limitMs: number;
  emit: Emit;
  /** Aborts when the user interrupts. */
  interrupt: AbortSignal;
}

/** Where the trial stands: at the start, or where an earlier session ended. */
export interface TrialStart {
  attempt: number;
  /** Samples of this attempt in the journal. */
  samplesDone: number;
  /** An earlier session began this attempt but did not end it. */
  resumed: boolean;
}

/** Bytes of stderr that are read. */
const LAST_WORDS = 64 * 1024;

/**
 * What is reported about a trial that was ended at its limit: in a guest that does not answer, it is unknown
 * whether anything was killed.
 */
const KILLED = '; its processes were killed in the guest';
const MAY_RUN = '; its processes may still be running';

/** Time between TERM and KILL when a trial is ended before its time. */
const GRACE_MS = 1000;

/**
 * One trial: begins one on each guest's stream, samples, and ends whatever is left in the guests. Every
 * sample is in the journal before the next one starts. Never throws because of what a guest does.
 */
export async function runTrial(
  trial: PlannedTrial,
  start: TrialStart,
  context: TrialContext,
): Promise<Outcome> {
  const { emit, interrupt, limitMs } = context;
  emit({ type: 'trial-started', trial: trial.id, attempt: start.attempt, fromIndex: start.samplesDone });
  const began = performance.now();
  const stop = new AbortController();
  const guests = guestRuns(trial, start, context, stop.signal);
  const deadline = timer(limitMs);
  const interrupted = onAbort(interrupt);
  const sampled = samples(trial, start, context, guests, AbortSignal.any([stop.signal, interrupt])).then(
    () => 'sampled' as const,
  );
  let outcome: Outcome;
  try {
    const first = await Promise.race([sampled, deadline.passed, interrupted.aborted]);
    if (first === 'sampled') outcome = { kind: 'completed' };
    else if (first === 'passed') outcome = timedOut(limitMs, performance.now() - began);
    else outcome = { kind: 'aborted', reason: 'interrupted by the user' };
  } catch (error) {
    outcome = outcomeOf(error);
  }
  deadline.clear();
  interrupted.clear();
  stop.abort();
  // Anything still in flight ends with its stream; its error has been reported, or is expected.
  sampled.catch(() => undefined);
  const graceMs = outcome.kind === 'completed' ? 0 : GRACE_MS;
  const end = async () => {
    const ended = await Promise.all(guests.map((guest) => endGuest(guest, graceMs, trial, emit)));
    return ended.every(Boolean);
  };
  const ended = await (isHang(outcome)
    ? climb({ rung: 'end-trial', mode: trial.mode, trial: trial.id }, emit, end)
    : end());
  if (outcome.kind === 'timed-out') {
    outcome.reason += ended ? KILLED : MAY_RUN;
    emit({ type: 'incident', kind: 'time-out', target: null, trial: trial.id, text: outcome.reason });
  }
  if (outcome.kind === 'failed')
    emit({ type: 'incident', kind: 'failure', target: null, trial: trial.id, text: outcome.reason });
  if (outcome.kind === 'void')
    emit({ type: 'incident', kind: 'void', target: null, trial: trial.id, text: outcome.reason });
  emit({ type: 'trial-ended', trial: trial.id, attempt: start.attempt, outcome });
  return outcome;
}

function guestRuns(
  trial: PlannedTrial,
  start: TrialStart,
  context: TrialContext,
  over: AbortSignal,
): GuestRun[] {
  const { experiment, mode, workload, emit } = context;
  return context.guests.map(
    ({ target }) =>
      new GuestRun(
        target,
        {
          directory: `${trial.id}.${start.attempt}`,
          begun: start.resumed,
          command: mode.wrap(workload.command()),
          workingDirectory: workload.directory,
          environment: mode.environment,
          outputBytes: experiment.limits.output,
          fileBytes: experiment.limits.file,
          giveUpMs: context.limitMs,
        },
        (text) => {
          emit({ type: 'incident', kind: 'link', target: target.name, trial: trial.id, text });
        },
        over,
      ),
  );
}

/** Takes the remaining samples, and journals each. */
async function samples(
  trial: PlannedTrial,
  start: TrialStart,
  context: TrialContext,
  guests: readonly GuestRun[],
  signal: AbortSignal,
): Promise<void> {
  const { design } = context.experiment;
  const record = (index: number, warmup: boolean, results: GuestResult[], spread: Spread | null) => {
    const read = results.map(({ guest, result, tickNs }) =>
      guestSample(guest, result, tickNs, context.workload),
    );
    context.emit({
      type: 'sample',
      trial: trial.id,
      attempt: start.attempt,
      index,
      warmup,
      guests: read,
      startSpreadNs: spread?.ns ?? null,
      ...(spread === null ? {} : { startSpreadWithinNs: spread.withinNs }),
    });
    return read;
  };
  let done = start.samplesDone;
  if (start.resumed) {
    // Without a warm-up, evidence is taken during the first sample, which may have been before the interrupt.
    const proved = context.mode.attestDuring === undefined || done > 0 || design.warmup > 0;
    const kept = proved ? await adopt(`s${done}`, guests) : undefined;
    if (kept !== undefined) record(done++, false, kept, null);
    await clear(guests);
  }
  await Promise.all(guests.map((guest) => guest.open()));
  // Warm-up runs of an earlier session may have kept their results; a name per session makes each one run.
  const session = Date.now().toString(36);
  const ask = context.mode.attestDuring;
  let evidence: Promise<void> | undefined;
  await sampleTrial({
    warmup: design.warmup,
    samples: design.samples - done,
    signal,
    runOnce: async (index, warmup) => {
      signal.throwIfAborted();
      const began = performance.now();
      const running = runTogether(warmup ? `w${session}.${index}` : `s${done + index}`, guests);
      if (ask !== undefined) evidence ??= attestDuring(trial, ask, context.guests, context.emit, signal);
      const [{ results, spread }] = await Promise.all([running, evidence]);
      signal.throwIfAborted();
      const read = record(warmup ? index : done + index, warmup, results, spread);
      const durations = read.flatMap(({ durationNs }) => durationNs ?? []);
      return durations.length === 0 ? performance.now() - began : Math.max(...durations) / 1e6;
    },
  });
}

/** @throws WorkloadFailure, Implausible */
function guestSample(guest: GuestRun, result: RunResult, tickNs: number, workload: Workload): GuestSample {
  if (result.exitCode === 'lost')
    throw new WorkloadFailure(
      `${guest.target.name}: its leading process died before it ended (did the guest reboot, or the workload kill it?)`,
    );
  const { durationNs, exitCode } = result;
  if (result.cut) throw new WorkloadFailure('it printed more than limits.output allows');
  const readings = workload.parse({
    stdout: result.stdout.toString('utf8'),
    // The end of a long reason says why it failed; the whole would repeat a long text.
    stderr: result.stderr.subarray(-LAST_WORDS).toString('utf8'),
    exitCode,
    durationNs,
    tickNs,
  });
  checkPlausible(readings, workload);
  return { target: guest.target.name, durationNs, readings };
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof Implausible || error instanceof WrongResult || error instanceof NotAttested)
    return { kind: 'void', reason: error.message };
  if (error instanceof LinkLost) return { kind: 'failed', transport: true, reason: error.words };
  return { kind: 'failed', transport: false, reason: messageOf(error) };
}

function timedOut(limitMs: number, afterMs: number): Outcome {
  return { kind: 'timed-out', afterMs, reason: `not finished within ${limitMs / 1000} s` };
}

/** @returns whether nothing of the trial is left running there, as far as known. */
async function endGuest(guest: GuestRun, graceMs: number, trial: PlannedTrial, emit: Emit): Promise<boolean> {
  const tell = (kind: 'link' | 'leftover', text: string) => {
    emit({ type: 'incident', kind, target: guest.target.name, trial: trial.id, text });
  };
  try {
    const end = await guest.end(graceMs);
    const words = leftoverWords(end);
    if (words !== undefined) tell('leftover', words);
    return end.ended;
  } catch (error) {
    tell(
      'link',
      `could not end the trial there (${messageOf(error)}); its own watchdog will do so, a few seconds after the trial’s limit`,
    );
    return false;
  } finally {
    guest.close();
  }
}

function onAbort(signal: AbortSignal): { aborted: Promise<'aborted'>; clear: () => void } {
  let listener: () => void = () => undefined;
  const aborted = new Promise<'aborted'>((resolve) => {
    listener = () => {
      resolve('aborted');
    };
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener, { once: true });
  });
  return {
    aborted,
    clear: () => {
      signal.removeEventListener('abort', listener);
    },
  };
}
