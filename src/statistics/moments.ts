/** Mean, spread and geometric mean of a sample. All throw RangeError for too few or non-finite values. */
import { requireFinite, requirePositive } from './finite.ts';

/** The arithmetic mean of one value or more. */
export function mean(values: ArrayLike<number>): number {
  requireFinite(values, 'a mean');
  return sumOf(values) / values.length;
}

/**
 * The unbiased variance (divisor n - 1) of two values or more, in the square of their unit. Two passes: the
 * one-pass formula cancels to nothing when the spread is small beside the mean, as in a good benchmark.
 */
export function variance(values: ArrayLike<number>): number {
  requireFinite(values, 'a variance', 2);
  const centre = sumOf(values) / values.length;
  let squares = 0;
  let drift = 0; // what rounding left in the mean (Chan, Golub & LeVeque 1983)
  for (let i = 0; i < values.length; i++) {
    const deviation = (values[i] as number) - centre;
    squares += deviation * deviation;
    drift += deviation;
  }
  return Math.max(0, (squares - (drift * drift) / values.length) / (values.length - 1));
}

/** The square root of `variance`, in the values' own unit. */
export function standardDeviation(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values));
}

/** exp of the mean logarithm: the mean for ratios and rates. Every value must be above zero. */
export function geometricMean(values: ArrayLike<number>): number {
  requirePositive(values, 'a geometric mean');
  let logs = 0;
  for (let i = 0; i < values.length; i++) logs += Math.log(values[i] as number);
  return Math.exp(logs / values.length);
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}
