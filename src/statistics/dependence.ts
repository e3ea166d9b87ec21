/** Whether consecutive values are correlated, and how many independent ones they are then worth. */
import { at } from './at.ts';
import { requireFinite } from './finite.ts';
import { type Summary, summarise } from './interval.ts';
import { derive, seeded, type Seed } from './prng.ts';
import { shuffleInPlace } from './shuffle.ts';

export interface Dependence {
  /** How many values there are. */
  readonly n: number;
  /** The estimated lag-1 autocorrelation. */
  readonly correlation: number;
  /** One-sided, for the hypothesis that the order is random; at least 1e-4. */
  readonly p: number;
  /**
   * The values as the equivalent number of independent ones with the same mean: the input of a t interval.
   * `n` is not an integer; `sd` is the scatter that the values would have without correlation.
   */
  readonly effective: Summary;
}

/**
 * With fewer, the bias correction of the correlation, of the order of 4 / n, is as large as what it corrects.
 */
export const FEWEST = 8;
const LEVEL = 0.05;
const PERMUTATIONS = 9999;
/** After this many permutations with at least the same correlation, p is known well enough. */
const ENOUGH = 20;
/**
 * The minimum number of independent values: an interval from two extends over 13 sd, which says nothing at
 * all.
 */
const LEAST_WORTH = 3;
/** The estimated correlation, corrected for its bias, may exceed 1. */
const MOST_CORRELATION = 0.99;

/**
 * Undefined if the order of the values does not matter at the 5% level, by a permutation test of their lag-1
 * autocorrelation (Wald & Wolfowitz, Annals of Mathematical Statistics 14(4), 1943), which holds its level
 * whatever the values' distribution; permuted until p is known (Besag & Clifford, Biometrika 78(2), 1991). So
 * a white series counts as dependent in 5% of cases, and its interval is then twice as wide as necessary.
 *
 * The equivalent number is that of a series whose correlation decays geometrically, like that of a machine
 * that stays in a state with a fixed probability: n over (1 + r) / (1 - r), with its term for small n (Bayley
 * & Hammersley, JRSS Supplement 8(2), 1946), where r is corrected for the bias that the estimated mean gives
 * it (Kendall, Biometrika 41, 1954). A few correlated values also scatter less about their own mean than
 * about the true one, for which `effective.sd` compensates. With a quantile of equally few degrees of
 * freedom, t then covers the truth in 88% of cases if r is 0.8 and n is 20, and in 48% without all this
 * (Zwiers & von Storch, Journal of Climate 8, 1995, on why so few values allow nothing better). Throws
 * RangeError for no or non-finite values.
 */
export function dependenceOf(values: ArrayLike<number>, seed: Seed): Dependence | undefined {
  const series = requireFinite(values, 'a dependence');
  const { mean, sd, n } = summarise(series);
  if (n < FEWEST || sd === 0) return undefined;
  const deviations = series.map((value) => (value - mean) / sd);
  const observed = neighbours(deviations);
  if (observed <= 0) return undefined;
  const p = permutationP(deviations, observed, seed);
  if (p > LEVEL) return undefined;
  const correlation = observed / (n - 1);
  return { n, correlation, p, effective: worthAs({ mean, sd, n }, unbiased(correlation, n)) };
}

/** Correlated values as the equivalent number of independent ones. */
export function worthAs({ mean, sd, n }: Summary, correlation: number): Summary {
  const worth = worthOf(n, correlation);
  return { mean, sd: sd * Math.sqrt((worth / n) * ((n - 1) / (worth - 1))), n: worth };
}

/** The correlation without the bias caused by the estimated mean of n values. */
export function unbiased(correlation: number, n: number): number {
  return Math.min(MOST_CORRELATION, (n * correlation + 1) / (n - 3));
}

/** The sum of the products of neighbours; for standardised values, n - 1 times their correlation. */
export function neighbours(deviations: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < deviations.length; i++) sum += at(deviations, i) * at(deviations, i - 1);
  return sum;
}

function permutationP(deviations: Float64Array, observed: number, seed: Seed): number {
  const random = seeded(derive(seed, 'dependence'));
  const shuffled = deviations.slice();
  // Equally good orders differ by rounding.
  const least = observed - 1e-9 * deviations.length;
  let reached = 0;
  for (let tried = 1; tried <= PERMUTATIONS; tried++) {
    shuffleInPlace(shuffled, random);
    if (neighbours(shuffled) >= least) reached++;
    if (reached === ENOUGH) return reached / tried;
  }
  return (reached + 1) / (PERMUTATIONS + 1);
}

function worthOf(n: number, r: number): number {
  const inflation = (1 + r) / (1 - r) - (2 * r * (1 - r ** n)) / (n * (1 - r) ** 2);
  return Math.min(n, Math.max(LEAST_WORTH, n / inflation));
}
