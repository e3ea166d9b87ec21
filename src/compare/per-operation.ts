/** The cost of an operation in something that is spent over a whole trial. */
import { z } from 'zod';
import type { Plan } from '../plan/plan.ts';
import type { RunRecord, TrialRecord } from '../record/run-record.ts';
import type { SampleTable } from '../record/sample-table.ts';
import { ratio } from '../statistics/ratio.ts';
import { pairsOf } from './block-logs.ts';
import { bootsOf } from './boots.ts';
import { completedTrials } from './samples.ts';

type Costs = TrialRecord['cpu'];

export interface SpendingTrial {
  block: number;
  boot: string | null;
  operations: number;
  /** By target. */
  spent: Costs;
}

export interface SpendingCell {
  mode: string;
  workload: string;
  trials: SpendingTrial[];
}

/** By mode and workload, with a key of both, in the plan's order. */
export function spendingCells(plan: Plan, record: RunRecord): Map<string, SpendingCell> {
  const bootOf = bootsOf(plan, record);
  const cells = new Map<string, SpendingCell>();
  for (const { trial, table } of completedTrials(plan, record)) {
    const { mode, workload, block } = trial;
    const key = spendingKey(mode, workload);
    const cell = cells.get(key) ?? { mode, workload, trials: [] };
    cells.set(key, cell);
    const spent = record.trials.get(trial.id)?.cpu ?? (new Map() as Costs);
    cell.trials.push({ block, boot: bootOf(mode, block), operations: operationsIn(table), spent });
  }
  return cells;
}

export function spendingKey(mode: string, workload: string): string {
  return JSON.stringify([mode, workload]);
}

/** The operations of its readings, including warm-ups: as many as reported, else one each. */
function operationsIn(table: SampleTable): number {
  let sum = 0;
  for (const { from, to } of table.guestRuns())
    for (let row = from; row < to; row++) sum += table.operations.at(row) || 1;
  return sum;
}

/** What a trial spent; null if unknown. */
export type SpentOf = (trial: SpendingTrial) => number | null;

/** Per operation, over trials that report it; null if none does. */
export function perOperation(trials: readonly SpendingTrial[], spentOf: SpentOf): number | null {
  const known = trials.filter((one) => spentOf(one) !== null);
  const operations = known.reduce((sum, one) => sum + one.operations, 0);
  return operations === 0 ? null : known.reduce((sum, one) => sum + (spentOf(one) ?? 0), 0) / operations;
}

export const costRatioSchema = z
  .object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
  .nullable();

/**
 * Mode ÷ baseline per operation, paired by block, with its interval; null without a pair, or if some cost was
 * read as 0.
 */
export function costRatio(
  mode: readonly SpendingTrial[],
  baseline: readonly SpendingTrial[],
  spentOf: SpentOf,
  options: { seed: string; confidence: number },
): z.output<typeof costRatioSchema> {
  const costs = (trials: readonly SpendingTrial[]) =>
    trials.flatMap((trial) => {
      const spent = spentOf(trial);
      return spent === null ? [] : [{ ...trial, values: [spent / trial.operations] }];
    });
  const pairs = pairsOf(costs(mode), costs(baseline));
  if (pairs.length === 0 || pairs.some((pair) => ![...pair.mode, ...pair.baseline].every((cost) => cost > 0)))
    return null;
  const { ratio: value, low, high } = ratio(pairs, options);
  return { value, low, high };
}
