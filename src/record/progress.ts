import type { Plan, PlannedTrial } from '../plan/plan.ts';
import type { Event, Outcome } from './event.ts';

/** How far one trial has come. */
export interface TrialProgress {
  attempt: number;
  /** Samples of this attempt that are in the journal, warm-ups not counted. */
  samples: number;
  /**
   * By the harness's clock, in ms, when the trial before it ended, or the session began: what led to it, as entering
   * its mode, is part of the time it takes. Null until it begins, and for an interrupted one that went on: between
   * the two the harness was away, and its clock may have begun anew.
   */
  sinceMs: number | null;
  /** Null until then. */
  endedMs: number | null;
  outcome: Outcome | null;
}

/** How far a run has come, by its journal alone. */
export interface Progress {
  token: string | undefined;
  /** Directory of the experiment file as it was given. */
  directory: string | undefined;
  trials: ReadonlyMap<string, TrialProgress>;
  /** Undo scripts that were planned and have not been run with success since, newest first. */
  pendingUndo: { id: string; target: string; script: string }[];
  /** What its sessions took by the harness's clock, in ms, up to the newest event; anew after one that ended at the budget. */
  spentMs: number;
  /** Why the last session of the run ended; null where it did not get to say. */
  ended: string | null;
}

export function progressOf(events: readonly Event[]): Progress {
  const trials = new Map<string, TrialProgress>();
  const undo = new Map<string, { id: string; target: string; script: string }>();
  let token: string | undefined;
  let directory: string | undefined;
  let ended: string | null = null;
  let sinceMs: number | null = null;
  let spentMs = 0;
  let newestMs: number | null = null;
  for (const event of events) {
    const opens = event.type === 'run-started' || event.type === 'run-resumed';
    if (newestMs !== null && !opens) spentMs += event.atMs - newestMs;
    newestMs = event.atMs;
    const known = 'trial' in event && event.trial !== null ? trials.get(event.trial) : undefined;
    switch (event.type) {
      case 'run-started':
        ({ token, directory } = event);
        sinceMs = event.atMs;
        break;
      case 'run-resumed':
        ended = null;
        sinceMs = event.atMs;
        break;
      case 'run-ended':
        ended = event.reason;
        if (ended === 'budget') spentMs = 0;
        break;
      case 'trial-started':
        if (known?.attempt === event.attempt) {
          known.sinceMs = null;
          break;
        }
        trials.set(event.trial, {
          attempt: event.attempt,
          samples: 0,
          sinceMs: sinceMs ?? event.atMs,
          endedMs: null,
          outcome: null,
        });
        break;
      case 'sample':
        if (known !== undefined && !event.warmup) known.samples = Math.max(known.samples, event.index + 1);
        break;
      case 'trial-ended': {
        // A trial whose mode could not be entered ends without having started.
        const never = { attempt: event.attempt, samples: 0, sinceMs: null };
        trials.set(event.trial, { ...(known ?? never), outcome: event.outcome, endedMs: event.atMs });
        sinceMs = event.atMs;
        break;
      }
      case 'undo-planned':
        undo.set(event.id, { id: event.id, ...event.undo });
        break;
      case 'undone':
        if (event.ok) undo.delete(event.id);
        break;
    }
  }
  return { token, directory, trials, pendingUndo: [...undo.values()].reverse(), spentMs, ended };
}

/**
 * The trials of the plan that are still to be run, in plan order. An interrupted trial goes on where it
 * stopped; `retry` has those that failed, timed out or were void run again, as a new attempt.
 */
export function pendingTrials(plan: Plan, progress: Progress, retry: boolean): PlannedTrial[] {
  return plan.trials.filter(({ id }) => {
    const kind = progress.trials.get(id)?.outcome?.kind;
    return kind === undefined || kind === 'aborted' || (retry && kind !== 'completed');
  });
}

/** Mean wall time of completed trials in ms, with what led to them, by `mode/workload`. */
export function trialDurations(plan: Plan, progress: Progress): Map<string, number> {
  const sums = new Map<string, { total: number; count: number }>();
  for (const trial of plan.trials) {
    const seen = progress.trials.get(trial.id);
    if (seen?.outcome?.kind !== 'completed' || seen.sinceMs === null || seen.endedMs === null) continue;
    const key = `${trial.mode}/${trial.workload}`;
    const sum = sums.get(key) ?? { total: 0, count: 0 };
    sums.set(key, { total: sum.total + seen.endedMs - seen.sinceMs, count: sum.count + 1 });
  }
  return new Map([...sums].map(([key, { total, count }]) => [key, total / count]));
}
