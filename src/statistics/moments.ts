/** Mean, spread, skewness and geometric mean of a sample. All throw RangeError for too few or non-finite values. */
import { requireFinite, requirePositive } from './finite.ts';

/** The arithmetic mean of at least one value. */
export function mean(values: ArrayLike<number>): number {
  return meanOf(requireFinite(values, 'a mean'));
}

/**
 * The unbiased variance (divisor n - 1) of at least two values, in the square of their unit. Two passes: the
 * one-pass formula loses all precision if the spread is small compared with the mean, as in a good benchmark.
 */
export function variance(values: ArrayLike<number>): number {
  const sample = requireFinite(values, 'a variance', 2);
  const centre = meanOf(sample);
  let squares = 0;
  let drift = 0; // what rounding left in the mean (Chan, Golub & LeVeque 1983)
  for (const value of sample) {
    const deviation = value - centre;
    squares += deviation * deviation;
    drift += deviation;
  }
  return Math.max(0, (squares - (drift * drift) / sample.length) / (sample.length - 1));
}

/** The square root of `variance`, in the values' own unit. */
export function standardDeviation(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values));
}

/**
 * How far values lean to one side: 0 for symmetric ones, 2 for exponential ones, negative if the long tail is
 * below. The estimate with the correction for few values (Joanes & Gill, The Statistician 47(1), 1998: G1); 0
 * below three values and if all are equal. n values can't show more than about the root of n.
 */
export function skewness(values: ArrayLike<number>): number {
  const sample = requireFinite(values, 'a skewness');
  const n = sample.length;
  const spread = n < 3 ? 0 : standardDeviation(sample);
  if (spread === 0) return 0;
  const centre = meanOf(sample);
  let cubes = 0;
  for (const value of sample) cubes += ((value - centre) / spread) ** 3;
  return (n / ((n - 1) * (n - 2))) * cubes;
}

/** exp of the mean logarithm: the mean for ratios and rates. Every value must be above zero. */
export function geometricMean(values: ArrayLike<number>): number {
  const sample = requirePositive(values, 'a geometric mean');
  let logs = 0;
  for (const value of sample) logs += Math.log(value);
  return Math.exp(logs / sample.length);
}

function meanOf(sample: Float64Array): number {
  let sum = 0;
  for (const value of sample) sum += value;
  return sum / sample.length;
}
