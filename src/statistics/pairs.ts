/** From samples to the independent units of a comparison. */
import { at } from './at.ts';
import { requirePositive } from './finite.ts';
import type { Seed } from './prng.ts';

/** The result of one trial: its samples, or the one figure they were condensed to. All above zero. */
export type Trial = number | ArrayLike<number>;

/** One block's trials of the mode and of the baseline, in the same unit. */
export interface Pair {
  readonly mode: Trial;
  readonly baseline: Trial;
  /**
   * The boot the block ran in. Blocks of one boot share what varies between boots: memory layout, placement.
   */
  readonly boot?: Seed;
}

/** A block's log ratio of mode to baseline. */
export interface Difference {
  /** ln of the geometric mean of the mode's samples minus that of the baseline's. */
  readonly value: number;
  /** The variance that resampling the samples of both trials would give `value`; 0 for one sample each. */
  readonly sampleVariance: number;
}

/** Blocks that are drawn together: a boot's, or a single block if boots aren't distinguished. */
export type Unit = readonly Difference[];

/**
 * The differences of pairs, by unit. Throws RangeError like `pairsByUnit`, and for values that are not finite
 * and above zero.
 */
export function unitsOf(pairs: readonly Pair[]): Unit[] {
  if (pairs.length === 0) throw new RangeError('a ratio needs at least 1 pair, found 0');
  const differences = pairs.map((pair, index) => ({ ...differenceOf(pair, index), boot: pair.boot }));
  return pairsByUnit(differences).map((unit) =>
    unit.map(({ value, sampleVariance }) => ({ value, sampleVariance })),
  );
}

/**
 * Groups pairs into units. The unit is the boot if there are several, because blocks of one boot are not
 * independent; else the block, and variation between boots is not in the interval (Kalibera & Jones,
 * "Rigorous benchmarking in reasonable time", ISMM 2013). Throws RangeError if only some pairs name their
 * boot.
 */
export function pairsByUnit<Paired extends { readonly boot?: Seed | undefined }>(
  pairs: readonly Paired[],
): Paired[][] {
  const boots = new Map<string, Paired[]>();
  for (const pair of pairs)
    if (pair.boot !== undefined)
      boots.set(String(pair.boot), [...(boots.get(String(pair.boot)) ?? []), pair]);
  const unnamed = pairs.filter(({ boot }) => boot === undefined).length;
  if (boots.size > 0 && unnamed > 0)
    throw new RangeError(`all pairs must name their boot or none, found ${unnamed} without one`);
  return boots.size > 1 ? [...boots.values()] : pairs.map((pair) => [pair]);
}

/** The unit's log ratio: the mean over its blocks. */
export function unitValue(unit: Unit): number {
  return unit.reduce((sum, { value }) => sum + value, 0) / unit.length;
}

function differenceOf({ mode, baseline }: Pair, index: number): Difference {
  const above = logMoments(mode, `pair ${index}'s mode`);
  const below = logMoments(baseline, `pair ${index}'s baseline`);
  return { value: above.mean - below.mean, sampleVariance: above.variance + below.variance };
}

/**
 * The mean of the logs, and the variance of the mean of an equal number of draws from them with replacement.
 */
function logMoments(trial: Trial, what: string): { mean: number; variance: number } {
  const values = requirePositive(typeof trial === 'number' ? [trial] : trial, what);
  const n = values.length;
  const first = Math.log(at(values, 0)); // logs are summed from here: near values then keep their digits
  let sum = 0;
  let squares = 0;
  for (let i = 1; i < n; i++) {
    const log = Math.log(at(values, i)) - first;
    sum += log;
    squares += log * log;
  }
  return { mean: first + sum / n, variance: Math.max(0, squares / n - (sum / n) ** 2) / n };
}
