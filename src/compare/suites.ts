import type { Experiment } from '../experiment/schema.ts';
import { workloadName } from '../workload/kind.ts';
import { workloadKindOf } from '../workload/kinds.ts';
import { derive } from '../statistics/prng.ts';
import { mean } from '../statistics/moments.ts';
import { suiteRatio } from '../statistics/suite.ts';
import type { BlockPair } from './block-logs.ts';
import type { Cell, Results } from './results.ts';

/** A cell of a mode, and its pairs with the baseline. */
export interface PairedCell {
  cell: Cell;
  pairs: BlockPair[];
  /** How far off its log ratio may be because figures come in steps. */
  open: number;
}

/** Those whose metrics count towards the figure over all workloads. */
export function inSuite<One extends Pick<PairedCell, 'cell'>>(
  paired: readonly One[],
  { workloads }: Pick<Experiment, 'workloads'>,
): One[] {
  const specs = new Map(workloads.map((spec) => [workloadName(spec), spec]));
  return paired.filter(({ cell }) => {
    const spec = specs.get(cell.workload);
    return spec === undefined || (workloadKindOf(spec).inSuite?.(spec, cell.metric) ?? true);
  });
}

/**
 * Each mode's geometric mean over its cells, as relative performance, from the same resamples as the cells'
 * own.
 */
export function suitesOf(paired: readonly PairedCell[], seed: number, confidence: number): Results['suites'] {
  const modes = [...new Set(paired.map(({ cell }) => cell.mode))];
  return modes.flatMap((mode) => {
    const cells = paired.filter(({ cell, pairs }) => cell.mode === mode && pairs.length > 0);
    if (cells.length === 0) return [];
    const found = meanRatioOf(cells, seed, confidence);
    if (found === undefined) return [];
    const { ratio, low, high, cells: count, leftOut } = found;
    const known = new Set(cells.flatMap(({ pairs }) => pairs.map(({ block }) => block)));
    return [
      {
        mode,
        ratio,
        low,
        high,
        confidence,
        cells: count,
        blocks: known.size - leftOut.length,
        leftOut: leftOut.map(Number),
      },
    ];
  });
}

/** The geometric mean of the cells' ratios, as relative performance. Undefined if they share no block. */
export function meanRatioOf(cells: readonly PairedCell[], seed: number, confidence: number) {
  return suiteRatio(
    cells.map(({ cell, pairs }) => ({ name: cellSeed(cell), pairs: pairs.map(turned(cell)) })),
    { seed: bootstrapSeed(seed), confidence, openness: mean(cells.map(({ open }) => open)) },
  );
}

/** All cells of a run draw the same blocks: a block's cells share its disturbances. */
export function bootstrapSeed(seed: number): string {
  return derive(seed, 'bootstrap');
}

export function cellSeed({ mode, workload, metric }: Cell): string {
  return derive(mode, workload, metric);
}

/** For a metric where lower is better, performance is the inverse ratio. */
function turned({ better }: Cell): (pair: BlockPair) => BlockPair {
  return (pair) => (better === 'higher' ? pair : { ...pair, mode: pair.baseline, baseline: pair.mode });
}
