/** What an operation costs its host in CPU time: a mechanism that polls is quick, and takes a core. */
import { z } from 'zod';
import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { SampleTable } from '../record/sample-table.ts';
import { ratio } from '../statistics/ratio.ts';
import { pairsOf } from './block-logs.ts';
import { bootsOf } from './boots.ts';
import { bootstrapSeed } from './suites.ts';
import { completedTrials } from './samples.ts';

const perOperation = z
  .number()
  .nullable()
  .describe('CPU s per operation: over all completed trials, warm-ups included. Null where it is not known.');

export const cpuCostSchema = z
  .object({
    mode: z.string(),
    workload: z.string(),
    baseline: z.string().nullable(),
    host: perOperation,
    guests: perOperation,
    why: z.string().nullable().describe('Why the host’s is not known, where it is not.'),
    ratio: z
      .object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
      .nullable()
      .describe(
        'The host’s, to that of the baseline’s host, paired by block; null where either is not known or 0.',
      ),
  })
  .describe(
    'CPU time of the host itself, without what it lent to guests, and of guests; on bare metal the program is in the host’s.',
  );

type CpuCost = z.output<typeof cpuCostSchema>;

interface Trial {
  block: number;
  boot: string | null;
  operations: number;
  host: number | null;
  guests: number | null;
}

/** By mode and workload, in the plan's order; empty where no trial tells, as in a journal of an older vgpubench. */
export function cpuCostsOf(
  arms: Arms,
  plan: Plan,
  record: RunRecord,
  { seed, confidence }: { seed: number; confidence: number },
): CpuCost[] {
  if ([...record.trials.values()].every(({ cpu }) => cpu.size === 0)) return [];
  const bootOf = bootsOf(plan, record);
  const cells = new Map<string, { mode: string; workload: string; trials: Trial[] }>();
  for (const { trial, table } of completedTrials(plan, record)) {
    const operations = operationsIn(table);
    const spent = [...(record.trials.get(trial.id)?.cpu.values() ?? [])];
    const sumOf = (role: string) => {
      const own = spent.filter((one) => one.role === role);
      return own.length === 0 ? null : own.reduce((sum, { spentS }) => sum + spentS, 0);
    };
    const { mode, workload, block } = trial;
    const key = JSON.stringify([mode, workload]);
    const cell = cells.get(key) ?? { mode, workload, trials: [] };
    cells.set(key, cell);
    cell.trials.push({
      block,
      boot: bootOf(mode, block),
      operations,
      host: sumOf('host'),
      guests: sumOf('guest'),
    });
  }
  return [...cells.values()].map(({ mode, workload, trials }) => {
    const baseline = baselineOf(mode, arms) ?? null;
    const other = baseline === null ? undefined : cells.get(JSON.stringify([baseline, workload]));
    const host = meanOf(trials, 'host');
    const why = host === null ? 'the target names no host, or its kernel does not tell' : null;
    const options = { seed: bootstrapSeed(seed), confidence };
    return {
      ...{ mode, workload, baseline, host, guests: meanOf(trials, 'guests'), why },
      ratio: ratioOf(trials, other?.trials ?? [], options),
    };
  });
}

/** What its readings stand for, warm-ups included: as many as are told, else one each. */
function operationsIn(table: SampleTable): number {
  let sum = 0;
  for (const { from, to } of table.guestRuns())
    for (let row = from; row < to; row++) sum += table.operations.at(row) || 1;
  return sum;
}

/** Of those trials that tell. */
function meanOf(trials: readonly Trial[], what: 'host' | 'guests'): number | null {
  const known = trials.filter((one) => one[what] !== null);
  const operations = known.reduce((sum, one) => sum + one.operations, 0);
  return operations === 0 ? null : known.reduce((sum, one) => sum + (one[what] ?? 0), 0) / operations;
}

function ratioOf(
  mode: readonly Trial[],
  baseline: readonly Trial[],
  options: { seed: string; confidence: number },
): CpuCost['ratio'] {
  const costs = (trials: readonly Trial[]) =>
    trials.flatMap(({ block, boot, host, operations }) =>
      host === null ? [] : [{ block, boot, values: [host / operations] }],
    );
  const pairs = pairsOf(costs(mode), costs(baseline));
  // Less than a hundredth of a second was read as none, and has no ratio.
  if (pairs.length === 0 || pairs.some((pair) => ![...pair.mode, ...pair.baseline].every((cost) => cost > 0)))
    return null;
  const { ratio: value, low, high } = ratio(pairs, options);
  return { value, low, high };
}
