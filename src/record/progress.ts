import type { Plan, PlannedTrial } from '../plan/plan.ts';
import type { RunRecord } from './run-record.ts';

/**
 * The trials of the plan that are still to be run, in plan order. An interrupted trial continues where it
 * stopped; `retry` reruns those that failed, timed out or were void, as a new attempt.
 */
export function pendingTrials(plan: Plan, record: RunRecord, retry: boolean): PlannedTrial[] {
  return plan.trials.filter(({ id }) => {
    const kind = record.trials.get(id)?.outcome?.kind;
    return kind === undefined || kind === 'aborted' || (retry && kind !== 'completed');
  });
}

/** Mean wall time of completed trials in ms, including what led to them, by `mode/workload`. */
export function trialDurations(plan: Plan, record: RunRecord): Map<string, number> {
  const sums = new Map<string, { total: number; count: number }>();
  for (const trial of plan.trials) {
    const seen = record.trials.get(trial.id);
    if (seen?.outcome?.kind !== 'completed' || seen.sinceMs === null || seen.endedMs === null) continue;
    const key = `${trial.mode}/${trial.workload}`;
    const sum = sums.get(key) ?? { total: 0, count: 0 };
    sums.set(key, { total: sum.total + seen.endedMs - seen.sinceMs, count: sum.count + 1 });
  }
  return new Map([...sums].map(([key, { total, count }]) => [key, total / count]));
}
