/** The energy that an operation costs, as far as the machines have counters. */
import { z } from 'zod';
import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import {
  type SpendingTrial,
  costRatio,
  costRatioSchema,
  perOperation,
  spendingCells,
  spendingKey,
} from './per-operation.ts';
import { bootstrapSeed } from './suites.ts';

export const energyCostSchema = z
  .object({
    mode: z.string(),
    workload: z.string(),
    source: z
      .enum(['cpu', 'gpu'])
      .describe(
        'cpu: all CPU packages of its hosts (RAPL); gpu: the graphics card, by its driver, on the host or else in the guest.',
      ),
    baseline: z.string().nullable(),
    joules: z
      .number()
      .nullable()
      .describe(
        'Per operation: over all completed trials, including warm-ups and idle time in between. Null if unknown.',
      ),
    why: z.string().nullable().describe('Why it is unknown, if so.'),
    ratio: costRatioSchema.describe(
      'Relative to the baseline, paired by block; null if either is unknown or 0.',
    ),
  })
  .describe('Energy of whole machines while trials ran, whatever used it.');

type EnergyCost = z.output<typeof energyCostSchema>;
type Source = EnergyCost['source'];

const UNREADABLE = 'its counter can’t be read: only root may read RAPL (CVE-2020-8694)';
const NONE = {
  cpu: 'its host has no visible RAPL counter',
  gpu: 'the driver of its GPU does not count energy',
};

/** By mode, workload and source; empty for a source of which no target has a counter. */
export function energyCostsOf(
  arms: Arms,
  plan: Plan,
  record: RunRecord,
  { seed, confidence }: { seed: number; confidence: number },
): EnergyCost[] {
  const all = [...record.trials.values()].flatMap(({ cpu }) => [...cpu.values()]);
  const sources = (['cpu', 'gpu'] as const).filter((source) =>
    all.some(({ energy }) => energy?.[source] !== undefined),
  );
  if (sources.length === 0) return [];
  const cells = spendingCells(plan, record);
  const options = { seed: bootstrapSeed(seed), confidence };
  return [...cells.values()].flatMap(({ mode, workload, trials }) =>
    sources.map((source) => {
      const baseline = baselineOf(mode, arms) ?? null;
      const other = baseline === null ? undefined : cells.get(spendingKey(baseline, workload));
      const spentOf = (trial: SpendingTrial) => joulesOf(trial, source) ?? null;
      const joules = perOperation(trials, spentOf);
      const unreadable = trials.some((trial) => joulesOf(trial, source) === null);
      return {
        ...{ mode, workload, source, baseline, joules },
        why: joules !== null ? null : unreadable ? UNREADABLE : NONE[source],
        ratio: costRatio(trials, other?.trials ?? [], spentOf, options),
      };
    }),
  );
}

/**
 * For a whole trial; null if a counter can't be read, undefined if there is none. In a guest, RAPL shows the
 * host's energy or made-up values; a GPU may be the guest's own.
 */
function joulesOf({ spent }: SpendingTrial, source: Source): number | null | undefined {
  const told = (role: 'host' | 'guest') =>
    [...spent.values()].flatMap((one) => {
      const joules = one.role === role ? one.energy?.[source] : undefined;
      return joules === undefined ? [] : [joules];
    });
  const hosts = told('host');
  const counted = hosts.length > 0 || source === 'cpu' ? hosts : told('guest');
  if (counted.length === 0) return undefined;
  return counted.reduce((sum, joules) => (sum === null || joules === null ? null : sum + joules));
}
