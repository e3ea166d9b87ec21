import type { Experiment } from '../experiment/schema.ts';
import { workloadName } from '../workload/kind.ts';
import type { Plan, PlannedTrial } from './plan.ts';

/** How long trials took before, including what led to them, in ms, by `cellKey`. */
export type KnownDurations = ReadonlyMap<string, number>;

export interface Estimate {
  /** Expected time of all trials, in ms; null if nothing is known about some workload. */
  expectedMs: number | null;
  /** The time if every trial took as long as its limit allows, in ms. */
  worstMs: number;
  /** The number of trials whose duration is known from earlier trials. */
  known: number;
  trials: number;
}

/** The key of durations: a mode and a workload. */
export function cellKey(trial: Pick<PlannedTrial, 'mode' | 'workload'>): string {
  return `${trial.mode}/${trial.workload}`;
}

/** How long the given trials will take, from the durations of earlier ones and from their limits. */
export function estimate(experiment: Experiment, trials: Plan['trials'], known: KnownDurations): Estimate {
  const limits = new Map(
    experiment.workloads.map((workload) => [
      workloadName(workload),
      workload.timeout ?? experiment.limits.trial,
    ]),
  );
  const ofWorkload = meanByWorkload(known);
  const expected = trials.map((trial) => known.get(cellKey(trial)) ?? ofWorkload.get(trial.workload) ?? null);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const complete = expected.filter((value) => value !== null);
  return {
    expectedMs: complete.length === trials.length ? sum(complete) : null,
    worstMs: sum(trials.map((trial) => limits.get(trial.workload) ?? experiment.limits.trial)),
    known: complete.length,
    trials: trials.length,
  };
}

/** Until a cell has been measured, the same workload in the other modes is the best guess. */
function meanByWorkload(known: KnownDurations): Map<string, number> {
  const grouped = new Map<string, number[]>();
  for (const [key, value] of known) {
    const workload = key.slice(key.indexOf('/') + 1);
    grouped.set(workload, [...(grouped.get(workload) ?? []), value]);
  }
  return new Map(
    [...grouped].map(([workload, values]) => [workload, values.reduce((a, b) => a + b, 0) / values.length]),
  );
}
