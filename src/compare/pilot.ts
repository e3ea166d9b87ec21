import { baselineOf } from '../experiment/baseline.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Plan } from '../plan/plan.ts';
import type { Spread } from '../plan/outlook.ts';
import type { Levels } from '../plan/repetition.ts';
import type { RunRecord } from '../record/run-record.ts';
import { dependenceOf } from '../statistics/dependence.ts';
import { mean, standardDeviation, variance } from '../statistics/moments.ts';
import { armsIn } from './baselines.ts';
import { blockLogsOf, cellIn } from './block-logs.ts';
import { cellsOf } from './cells.ts';
import type { Cell } from './results.ts';
import { bootstrapSeed } from './suites.ts';

/** What an earlier run says about planning the next one. */
export interface PilotCell {
  mode: string;
  workload: string;
  metric: string;
  /** Standard deviation of the blocks’ log ratios to the mode’s baseline. */
  sd: number;
  /**
   * The same for a plan: if consecutive blocks are correlated, for the equivalent number of independent ones.
   */
  spread: Spread;
  /** Undefined if its trials had one sample each. */
  levels: Levels | undefined;
}

/** The cells of every mode that share at least two blocks with its baseline. */
export function pilotOf(experiment: Experiment, plan: Plan, record: RunRecord): PilotCell[] {
  const cells = cellsOf(plan, record).map(({ cell }) => cell);
  const costs = costsOf(plan, record);
  const arms = armsIn(experiment, plan);
  return cells.flatMap((cell) => {
    const baseline = baselineOf(cell.mode, arms);
    if (baseline === undefined) return [];
    const { values } = blockLogsOf(arms, cells, cell);
    if (values.length < 2) return [];
    const sd = standardDeviation(values);
    const { mode, workload, metric } = cell;
    const levels = levelsOf(cell, cellIn(baseline, cell, cells), sd ** 2, costs.get(workload));
    return [{ mode, workload, metric, sd, spread: spreadOf(values, bootstrapSeed(plan.seed)), levels }];
  });
}

/** From at least two block log ratios, in order. */
export function spreadOf(logs: Float64Array, seed: string): Spread {
  const effective = dependenceOf(logs, seed)?.effective;
  if (effective === undefined) return { sd: standardDeviation(logs), blocks: logs.length };
  return { sd: effective.sd, blocks: effective.n, worth: effective.n / logs.length };
}

/** The difference of two arms has the scatter of both arms' samples. */
function levelsOf(cell: Cell, base: Cell | undefined, blockVariance: number, cost: Cost | undefined) {
  const inner = [cell, base].map((arm) => {
    const trials = (arm?.trials ?? []).map(({ values }) => values).filter((values) => values.length > 1);
    if (trials.length === 0) return undefined;
    return {
      variance: mean(trials.map((values) => variance(values.map(Math.log)))),
      n: mean(trials.map((values) => values.length)),
    };
  });
  const [own, other] = inner;
  if (own === undefined || other === undefined || cost === undefined) return undefined;
  return {
    ...cost,
    blockVariance: blockVariance - own.variance / own.n - other.variance / other.n,
    sampleVariance: own.variance + other.variance,
  };
}

interface Cost {
  trialMs: number;
  sampleMs: number;
}

/** By workload, over all modes: the time of a sample, and the remaining time of a trial. */
function costsOf(plan: Plan, record: RunRecord): Map<string, Cost> {
  const found = new Map<string, { samples: number; sampleMs: number; trials: number; wholeMs: number }>();
  for (const { id, workload } of plan.trials) {
    const { outcome, pace, endedMs } = record.trials.get(id) ?? {};
    if (outcome?.kind !== 'completed' || pace == null || pace.samples === 0 || endedMs == null) continue;
    const sum = found.get(workload) ?? { samples: 0, sampleMs: 0, trials: 0, wholeMs: 0 };
    const { samples: n, firstMs, lastMs, sinceMs } = pace;
    found.set(workload, {
      samples: sum.samples + n,
      // The first sample’s own time is not recorded: it is assumed to equal the others.
      sampleMs: sum.sampleMs + (n > 1 ? ((lastMs - firstMs) / (n - 1)) * n : 0),
      trials: sum.trials + 1,
      wholeMs: sum.wholeMs + endedMs - sinceMs,
    });
  }
  return new Map(
    [...found].map(([workload, { samples, sampleMs, trials, wholeMs }]) => [
      workload,
      { sampleMs: sampleMs / samples, trialMs: Math.max(0, wholeMs - sampleMs) / trials },
    ]),
  );
}
