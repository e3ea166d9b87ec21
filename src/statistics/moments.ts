/** Mean, spread and geometric mean of a sample. All throw RangeError for too few or non-finite values. */
import { requireFinite, requirePositive } from './finite.ts';

/** The arithmetic mean of one value or more. */
export function mean(values: ArrayLike<number>): number {
  return meanOf(requireFinite(values, 'a mean'));
}

/**
 * The unbiased variance (divisor n - 1) of two values or more, in the square of their unit. Two passes: the
 * one-pass formula cancels to nothing when the spread is small beside the mean, as in a good benchmark.
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
