/** The CPU time that an operation costs its host: a mechanism that polls is fast, but occupies a core. */
import { z } from 'zod';
import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import {
  type SpentOf,
  costRatio,
  costRatioSchema,
  perOperation,
  spendingCells,
  spendingKey,
} from './per-operation.ts';
import { bootstrapSeed } from './suites.ts';

const secondsSchema = z
  .number()
  .nullable()
  .describe('CPU s per operation: over all completed trials, warm-ups included. Null if unknown.');

export const cpuCostSchema = z
  .object({
    mode: z.string(),
    workload: z.string(),
    baseline: z.string().nullable(),
    host: secondsSchema,
    guests: secondsSchema,
    why: z.string().nullable().describe('Why the host’s CPU time is unknown, if so.'),
    ratio: costRatioSchema.describe(
      'The host’s ÷ that of the baseline’s host, paired by block; null if either is unknown or 0.',
    ),
  })
  .describe(
    'CPU time of the host itself, without the time of guests, and of guests; on bare metal the host’s includes the program’s.',
  );

type CpuCost = z.output<typeof cpuCostSchema>;

/**
 * By mode and workload, in the plan's order; empty if no trial reports it, as in a journal of an older
 * vgpubench.
 */
export function cpuCostsOf(
  arms: Arms,
  plan: Plan,
  record: RunRecord,
  { seed, confidence }: { seed: number; confidence: number },
): CpuCost[] {
  if ([...record.trials.values()].every(({ cpu }) => cpu.size === 0)) return [];
  const cells = spendingCells(plan, record);
  const options = { seed: bootstrapSeed(seed), confidence };
  return [...cells.values()].map(({ mode, workload, trials }) => {
    const baseline = baselineOf(mode, arms) ?? null;
    const other = baseline === null ? undefined : cells.get(spendingKey(baseline, workload));
    const host = perOperation(trials, secondsOf('host'));
    const why = host === null ? 'the target names no host, or its kernel does not report it' : null;
    return {
      ...{ mode, workload, baseline, host, guests: perOperation(trials, secondsOf('guest')), why },
      // Under a hundredth of a second, the reading is 0 and has no ratio.
      ratio: costRatio(trials, other?.trials ?? [], secondsOf('host'), options),
    };
  });
}

function secondsOf(role: 'host' | 'guest'): SpentOf {
  return ({ spent }) => {
    const own = [...spent.values()].filter((one) => one.role === role);
    return own.length === 0 ? null : own.reduce((sum, { spentS }) => sum + spentS, 0);
  };
}
