import { z } from 'zod';
import { fewestFor, quantileInterval } from '../statistics/order-statistics.ts';
import { pairsByUnit } from '../statistics/pairs.ts';
import { derive } from '../statistics/prng.ts';
import { tailRatios } from '../statistics/tail-ratio.ts';
import type { BlockPair } from './block-logs.ts';
import { sameCell } from './cell-name.ts';
import type { Cell } from './results.ts';
import { unitNsOf } from './samples.ts';

const SHARES = [0.95, 0.99, 0.999];

/** Fewer blocks don't show how much a tail varies from block to block. */
const FEWEST_BLOCKS = 10;

const quantile = z.object({
  p: z.number().describe('0.95, 0.99 or 0.999.'),
  value: z
    .number()
    .describe('In the metric’s unit: the smallest sample that a share p of the samples does not exceed.'),
  low: z.number(),
  high: z
    .number()
    .describe(
      'Interval from order statistics (binomial): valid for any distribution, but assumes independent samples.',
    ),
  ratio: z
    .object({ value: z.number(), low: z.number(), high: z.number() })
    .nullable()
    .describe(
      'Relative to the same quantile of the baseline, in the blocks that both have; its interval is from a bootstrap over whole blocks. Null with fewer than ten blocks, or without a baseline.',
    ),
});

export const tailSchema = z
  .object({
    mode: z.string(),
    workload: z.string(),
    metric: z.string(),
    unit: z.string(),
    baseline: z.string().nullable(),
    n: z.int(),
    quantiles: z
      .array(quantile)
      .min(1)
      .describe('The quantiles that n supports: those whose upper order statistic exists.'),
  })
  .describe('The tail of a latency: a metric in a unit of time where lower is better.');

export type Tail = z.output<typeof tailSchema>;

interface Paired {
  cell: Cell;
  baseline: string;
  pairs: readonly BlockPair[];
}

/** The tails of all cells that are latencies and have enough samples. */
export function tailsOf(
  cells: readonly Cell[],
  paired: readonly Paired[],
  { seed, confidence }: { seed: number; confidence: number },
): Tail[] {
  return cells.flatMap((cell) => {
    const { mode, workload, metric, unit } = cell;
    if (unitNsOf(cell) === undefined) return [];
    const sorted = Float64Array.from(cell.trials.flatMap(({ values }) => values)).sort();
    const found = SHARES.flatMap((p) => {
      const one = quantileInterval(sorted, p, confidence);
      return one === undefined ? [] : [{ p, ...one }];
    });
    if (found.length === 0) return [];
    const own = paired.find((one) => sameCell(one.cell, cell));
    const pairs = own?.pairs ?? [];
    // A ratio of quantiles requires that both arms support the quantile.
    const count = (arm: 'mode' | 'baseline') => pairs.reduce((sum, pair) => sum + pair[arm].length, 0);
    const carried = Math.min(count('mode'), count('baseline'));
    const shares = found.map(({ p }) => p).filter((p) => fewestFor(p, confidence) <= carried);
    const ratios = ratiosOf(pairs, shares, { seed, confidence });
    const quantiles = found.map((one) => ({ ...one, ratio: ratios[shares.indexOf(one.p)] ?? null }));
    return [{ mode, workload, metric, unit, baseline: own?.baseline ?? null, n: sorted.length, quantiles }];
  });
}

function ratiosOf(
  pairs: readonly BlockPair[],
  shares: readonly number[],
  { seed, confidence }: { seed: number; confidence: number },
): Tail['quantiles'][number]['ratio'][] {
  // Blocks of one boot are not independent; if there are several boots, boots are drawn, with everything that
  // ran in them.
  const units = pairsByUnit(pairs).map((unit) => ({
    mode: unit.flatMap(({ mode }) => mode),
    baseline: unit.flatMap(({ baseline }) => baseline),
  }));
  if (units.length < FEWEST_BLOCKS) return [];
  const found = tailRatios(units, shares, { seed: derive(seed, 'tails'), confidence });
  return found.map(({ ratio, low, high }) => ({ value: ratio, low, high }));
}
