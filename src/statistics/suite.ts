/** One figure for a whole suite: the geometric mean of its cells' ratios. */
import { at } from './at.ts';
import { resampleUnits } from './hierarchy.ts';
import { unitsOf, unitValue, type Pair } from './pairs.ts';
import type { Seed } from './prng.ts';
import { ratioOf, type Ratio, type RatioOptions } from './ratio.ts';

export interface SuiteCell {
  /** The workload and metric; separates the samples that the cells' resamples draw. */
  readonly name: string;
  /** A pair for each block in which both arms completed. */
  readonly pairs: readonly (Pair & { readonly block: Seed })[];
}

export interface SuiteRatio extends Ratio {
  readonly cells: number;
  /** Blocks that some cell lacks, so that the figure can't use them. */
  readonly leftOut: readonly string[];
}

/**
 * The unweighted geometric mean of the cells' ratios, with its intervals. The unit is still the block, or the
 * boot, not the cell: a block's cells ran in the same minutes and share its disturbances. So only blocks that
 * every cell has are used; the intervals are those of the blocks' means over the cells, and the bootstrap's
 * replicates are the means of the cells' own, which drew the same blocks (hierarchy.ts).
 *
 * All cells must agree on which direction is better: swap mode and baseline of the others. Undefined if the
 * cells share no block. Throws RangeError for no cells, for a block that a cell has twice, for cells that
 * disagree on a block's boot, and for values that are not finite and above zero.
 */
export function suiteRatio(
  cells: readonly SuiteCell[],
  options: Omit<RatioOptions, 'cell'>,
): SuiteRatio | undefined {
  if (cells.length === 0) throw new RangeError('a suite needs at least 1 cell, found 0');
  const indexed = cells.map(indexedCell);
  const known = [...new Set(indexed.flatMap(({ byBlock }) => [...byBlock.keys()]))];
  const everywhere = known.filter((block) => indexed.every(({ byBlock }) => byBlock.has(block)));
  if (everywhere.length === 0) return undefined;
  requireSameBoots(indexed, everywhere);
  const shared = indexed.map(({ name, byBlock }) => ({
    name,
    units: unitsOf(everywhere.flatMap((block) => byBlock.get(block) ?? [])),
  }));
  const values = averageOf(shared, ({ units }) => Float64Array.from(units, unitValue));
  const replicates =
    values.length < 2
      ? undefined
      : averageOf(shared, ({ name, units }) => resampleUnits(units, { ...options, cell: name }));
  return {
    ...ratioOf(values, replicates, options),
    cells: cells.length,
    leftOut: known.filter((block) => !everywhere.includes(block)),
  };
}

interface IndexedCell {
  readonly name: string;
  readonly byBlock: ReadonlyMap<string, Pair>;
}

function indexedCell({ name, pairs }: SuiteCell): IndexedCell {
  const byBlock = new Map(pairs.map((pair) => [String(pair.block), pair]));
  if (byBlock.size < pairs.length) {
    throw new RangeError(
      `a cell has a block once at most, found ${pairs.length - byBlock.size} twice in ${name}`,
    );
  }
  return { name, byBlock };
}

function requireSameBoots(cells: readonly IndexedCell[], blocks: readonly string[]): void {
  for (const block of blocks) {
    const boots = new Set(cells.map(({ byBlock }) => String(byBlock.get(block)?.boot)));
    if (boots.size > 1) {
      throw new RangeError(
        `the cells of block ${block} must share a boot, found ${[...boots].join(' and ')}`,
      );
    }
  }
}

/** Row by row, so that no two cells' replicates are in memory at once: 80 MB for a thousand cells. */
function averageOf<One>(all: readonly One[], rowOf: (one: One) => Float64Array): Float64Array {
  let sums: Float64Array | undefined;
  for (const one of all) {
    const row = rowOf(one);
    sums ??= new Float64Array(row.length);
    for (let i = 0; i < sums.length; i++) sums[i] = at(sums, i) + at(row, i);
  }
  return (sums ?? new Float64Array()).map((sum) => sum / all.length);
}
