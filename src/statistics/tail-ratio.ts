/** How the tails of two arms compare, with blocks as the independent unit. */
import { at } from './at.ts';
import { unitDraws } from './unit-draws.ts';
import type { Seed } from './prng.ts';
import { sortedQuantile } from './quantile.ts';

/** One block's samples of the mode and of the baseline, in the same unit, all above zero. */
export interface TailPair {
  readonly mode: readonly number[];
  readonly baseline: readonly number[];
}

export interface TailRatio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Mode ÷ baseline of each of these quantiles of all samples of an arm, with the percentile interval of a
 * bootstrap that draws whole blocks, with both arms together: samples of a block share its disturbances, so
 * they are not drawn one by one (the cluster bootstrap: Davison & Hinkley, "Bootstrap Methods and their
 * Application", 1997, section 3.8; Field & Welsh, JRSS B 69(3), 2007). Deterministic in its arguments. Throws
 * RangeError for no pairs.
 */
export function tailRatios(
  pairs: readonly TailPair[],
  shares: readonly number[],
  { seed, confidence = 0.95, resamples = 1000 }: { seed: Seed; confidence?: number; resamples?: number },
): TailRatio[] {
  if (pairs.length === 0) throw new RangeError('a ratio needs at least 1 pair, found 0');
  const arms = [pairs.map(({ mode }) => mode), pairs.map(({ baseline }) => baseline)].map(armOf) as [
    Arm,
    Arm,
  ];
  const once = new Float64Array(pairs.length).fill(1);
  const estimates = logRatios(arms, once, shares);
  const draw = unitDraws(seed, pairs.length, resamples);
  const replicates = shares.map(() => new Float64Array(resamples));
  const times = new Float64Array(pairs.length);
  for (let i = 0; i < resamples; i++) {
    times.fill(0);
    for (let drawn = 0; drawn < pairs.length; drawn++) {
      const block = draw();
      times[block] = (times[block] ?? 0) + 1;
    }
    for (const [index, log] of logRatios(arms, times, shares).entries()) {
      const own = replicates[index];
      if (own !== undefined) own[i] = log;
    }
  }
  return replicates.map((own, index) => {
    own.sort();
    return {
      ratio: Math.exp(estimates[index] ?? NaN),
      low: Math.exp(sortedQuantile(own, (1 - confidence) / 2)),
      high: Math.exp(sortedQuantile(own, (1 + confidence) / 2)),
    };
  });
}

/** All samples of an arm from the largest down, with the block of each, and how many each block has. */
interface Arm {
  values: Float64Array;
  blocks: Float64Array;
  sizes: Float64Array;
}

function armOf(samples: readonly (readonly number[])[]): Arm {
  const all = samples.flatMap((own, block) => own.map((value) => ({ value, block })));
  all.sort((a, b) => b.value - a.value);
  return {
    values: Float64Array.from(all, ({ value }) => value),
    blocks: Float64Array.from(all, ({ block }) => block),
    sizes: Float64Array.from(samples, ({ length }) => length),
  };
}

function logRatios(
  [mode, baseline]: readonly [Arm, Arm],
  times: Float64Array,
  shares: readonly number[],
): number[] {
  const [above, below] = [quantilesOf(mode, times, shares), quantilesOf(baseline, times, shares)];
  return shares.map((_, index) => Math.log(above[index] ?? NaN) - Math.log(below[index] ?? NaN));
}

/**
 * With each block repeated this many times: the smallest value that a share p does not exceed. Shares are in
 * descending order, so that one pass suffices.
 */
function quantilesOf(
  { values, blocks, sizes }: Arm,
  times: Float64Array,
  shares: readonly number[],
): number[] {
  const total = sizes.reduce((sum, size, block) => sum + size * at(times, block), 0);
  const found = new Array<number>(shares.length);
  let [index, beyond] = [0, 0];
  for (const place of shares.map((_, i) => i).sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0))) {
    const most = total - Math.ceil(total * (shares[place] ?? 0));
    while (index < values.length - 1 && beyond + at(times, at(blocks, index)) <= most)
      beyond += at(times, at(blocks, index++));
    found[place] = at(values, index);
  }
  return found;
}
