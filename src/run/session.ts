import { resultsOf, settled } from '../compare/compare.ts';
import { NOT_ON_PAR } from '../compare/confounds.ts';
import { lostTrials } from '../compare/history.ts';
import type { Results } from '../compare/results.ts';
import { type ExitCode, worse } from '../exit-code.ts';
import type { Experiment } from '../experiment/schema.ts';
import { type Gate, gateExitCode } from '../gate/gate.ts';
import { type EndReason, runSession } from '../measure/session.ts';
import { partOf } from '../experiment/part.ts';
import { type AddedBlocks, addedPlan, wholePlan } from '../plan/added-blocks.ts';
import type { Plan } from '../plan/plan.ts';
import type { EventBody } from '../record/event.ts';
import { giveUpUnproved } from '../record/unproved.ts';
import { fold } from '../record/fold.ts';
import type { Journal } from '../record/journal.ts';
import { pendingTrials } from '../record/progress.ts';
import type { RunRecord } from '../record/run-record.ts';
import { type Unmade, writeReport } from '../report/write.ts';
import { addressOf } from './address.ts';
import { durationsIn, earlierRun } from './earlier.ts';
import { type Against, gateAgainst } from './gate.ts';
import { type Observe, type Observer, type SessionView, unobserved } from './observe.ts';
import type { Pilot } from './pilot.ts';
import { telling } from './telling.ts';

export interface SessionOptions {
  /** Receives everything that happens. */
  observe?: Observe | undefined;
  /** Run even if no trial can give a figure. */
  keepGoing?: boolean | undefined;
  /** Aborts to end the session in order: the trial is ended, and changes on targets are undone. */
  signal?: AbortSignal | undefined;
}

/** One session of a run, whose directory is locked and whose journal is open. */
export interface OpenRun {
  directory: string;
  experiment: Experiment;
  plan: Plan;
  /** What earlier sessions left in the journal. */
  record: RunRecord;
  journal: Journal;
  /** Directory of the experiment file as given by the user. */
  base: string;
  token: string;
  /** The event that opens the session. */
  opening: Extract<EventBody, { type: 'run-started' | 'run-resumed' }>;
  retry: boolean;
  /** Blocks added to the plan when the session begins. */
  adding?: AddedBlocks | undefined;
  pilot?: Pilot | undefined;
  /** An earlier run to compare this one with. */
  against?: Against | undefined;
}

/** The outcome of a session; its report is written, as far as possible. */
export interface Outcome {
  directory: string;
  results: Results;
  /** Undefined if it was not compared with another run, or was interrupted. */
  gate: Gate | undefined;
  /** The problem with each file of its report that could not be made; the others exist. */
  unmade: Unmade[];
  /** Why it ended. */
  reason: EndReason;
  exitCode: ExitCode;
}

/** Runs a session to its end, and writes the report. Closes the journal. @throws Problem */
export async function carryOut(run: OpenRun, options: SessionOptions): Promise<Outcome> {
  const { directory, experiment, plan, record } = run;
  const reason = await measure(run, options);
  giveUpUnproved(record);
  const results = resultsOf(experiment, plan, record);
  const gate = reason === 'interrupted' ? undefined : gateAgainst(run.against, run, results);
  const unmade = writeReport(directory, results, { gate });
  const own = exitCodeOf({ results, reason, gate }, record.pendingUndo.size + moved(record));
  const exitCode = worse(own, unmade.length === 0 ? 0 : 4);
  return { directory, results, gate, unmade, reason, exitCode };
}

async function measure(run: OpenRun, options: SessionOptions): Promise<EndReason> {
  const { experiment, plan, record, journal, base, token, opening, retry } = run;
  const { emit, interrupt, failure } = telling(journal, record, options.signal);
  let observer: Observer | undefined;
  try {
    const observing = (observer = (options.observe ?? unobserved)(viewOf(run)));
    journal.listen((event) => {
      fold(record, event);
      observing.see(event);
    });
    emit(opening);
    if (run.adding !== undefined) emit({ type: 'blocks-added', ...run.adding });
    const { added } = record;
    // What led to added blocks is not part of their figures, and so does not end them.
    const judged = added === null ? plan : addedPlan(experiment, plan, added);
    const reason = await runSession({
      experiment: partOf(experiment, plan.leftOut),
      plan: wholePlan(experiment, plan, added),
      ...{ record, token, retry, emit, interrupt, unkept: failure },
      keepGoing: options.keepGoing === true,
      settled: () => {
        const found = settled(experiment, judged, record);
        observing.spare((trial) => found.reason !== null || found.skip(trial));
        return found;
      },
      addressOf: (target) => addressOf(target, base),
    });
    const unkept = failure();
    if (unkept !== undefined) throw unkept;
    return reason;
  } catch (error) {
    // Any other failure was caused by that one.
    throw failure()?.cause ?? error;
  } finally {
    journal.close();
    observer?.close();
  }
}

function viewOf({ directory, experiment, record, pilot, opening, retry, ...run }: OpenRun): SessionView {
  const plan = wholePlan(experiment, run.plan, run.adding ?? record.added);
  return {
    ...{ directory, experiment, plan, record, pilot },
    pending: pendingTrials(plan, record, retry),
    resumed: opening.type === 'run-resumed',
    adding: run.adding,
    earlier: () => durationsIn(earlierRun(experiment.name)),
  };
}

/** The number of machines that are not as they were found. */
function moved({ machines }: RunRecord): number {
  return [...machines.values()].filter(({ found }) => found !== null).length;
}

function exitCodeOf(
  { results, reason, gate }: Pick<Outcome, 'results' | 'reason' | 'gate'>,
  /** The number of changes that could not be undone. */
  changed: number,
): ExitCode {
  if (reason === 'interrupted') return 130;
  const own = worse(ownExitCode(results), changed > 0 ? 4 : 0);
  return gate === undefined ? own : worse(own, gateExitCode(gate));
}

/**
 * 4 if a trial gave no figure or a mode was not compared for parity, 1 if a probe succeeded; a run that
 * stopped at its budget or precision is complete.
 */
export function ownExitCode(results: Results): ExitCode {
  const { isolation, warnings } = results;
  const whole = lostTrials(results) === 0 && warnings.every(({ code }) => code !== NOT_ON_PAR);
  return worse(whole ? 0 : 4, isolation.some(({ breach }) => breach) ? 1 : 0);
}
