/** What an operation costs in energy, as far as the machines have counters of it. */
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
        'All CPU packages of its hosts (RAPL); the GPU’s card, by its driver, on the host or else in the guest.',
      ),
    baseline: z.string().nullable(),
    joules: z
      .number()
      .nullable()
      .describe(
        'Per operation: over all completed trials, warm-ups and idling between included. Null where it is not known.',
      ),
    why: z.string().nullable().describe('Why it is not known, where it is not.'),
    ratio: costRatioSchema.describe(
      'To that of the baseline, paired by block; null where either is not known or 0.',
    ),
  })
  .describe('Energy of whole machines while trials ran, whoever took it.');

type EnergyCost = z.output<typeof energyCostSchema>;
type Source = EnergyCost['source'];

const UNREADABLE = 'its counter can’t be read: RAPL’s is root’s alone (CVE-2020-8694)';
const NONE = { cpu: 'its host has no RAPL that it may see', gpu: 'no driver of its GPU counts energy' };

/** By mode, workload and source; empty of a source of which no target has a counter. */
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
 * Of a whole trial; null where a counter can't be read, undefined where there is none. What a guest may see of RAPL is its host's,
 * or made up by it; a GPU may be the guest's own.
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
