/** From samples to the independent units of a comparison. */
import { at } from './at.ts';
import { requirePositive } from './finite.ts';
import type { Seed } from './prng.ts';
import { type Strata, aligned, inStrata } from './strata.ts';

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
  /** The node the block ran on, where there are several. What nodes differ by is in the scatter of none. */
  readonly stratum?: Seed | undefined;
}

/** A block's log ratio of mode to baseline. */
export interface Difference {
  /** ln of the geometric mean of the mode's samples minus that of the baseline's. */
  readonly value: number;
  /** The variance that resampling the samples of both trials would give `value`; 0 for one sample each. */
  readonly sampleVariance: number;
  /** Where there are several. */
  readonly stratum?: number;
}

/** Blocks that are drawn together: a boot's, or a single block if boots aren't distinguished. */
export type Unit = readonly Difference[];

/**
 * The differences of pairs, by unit; where there are several strata, one stratum after the other, and aligned (strata.ts).
 * Throws RangeError as `pairsByUnit`, and for values that are not finite and above zero.
 */
export function unitsOf(pairs: readonly Pair[]): Unit[] {
  if (pairs.length === 0) throw new RangeError('a ratio needs at least 1 pair, found 0');
  const differences = pairs.map((pair, index) => ({
    ...differenceOf(pair, index),
    ...{ boot: pair.boot, node: pair.stratum },
  }));
  const strata = inStrata(pairsByUnit(differences), ([first]) => first?.node).map((stratum) =>
    stratum.map((unit) => unit.map(({ value, sampleVariance }) => ({ value, sampleVariance }))),
  );
  return strata.length < 2 ? strata.flat() : alignedUnits(strata);
}

/** How many units each stratum has; undefined where there is one. */
export function strataOf(units: readonly Unit[]): Strata | undefined {
  const sizes: number[] = [];
  for (const [first] of units) {
    if (first?.stratum === undefined) return undefined;
    sizes[first.stratum] = (sizes[first.stratum] ?? 0) + 1;
  }
  return sizes.length === 0 ? undefined : sizes;
}

function alignedUnits(strata: readonly Unit[][]): Unit[] {
  const units = strata.flat();
  const values = Float64Array.from(units, unitValue);
  const moved = aligned(
    values,
    strata.map(({ length }) => length),
  );
  const stratumOf = strata.flatMap((stratum, index) => stratum.map(() => index));
  return units.map((unit, index) => {
    const shift = at(moved, index) - at(values, index);
    return unit.map(({ value, sampleVariance }) => ({
      ...{ value: value + shift, sampleVariance },
      stratum: stratumOf[index] ?? 0,
    }));
  });
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
