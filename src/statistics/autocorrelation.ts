/** How much successive samples repeat each other, and how many independent ones they are worth. */
import { at } from './at.ts';
import { requireFinite } from './finite.ts';

/**
 * The autocorrelation at lags 0 to `lags`: the estimate with divisor n, which is never outside [-1, 1] (Box &
 * Jenkins, "Time Series Analysis", section 2.1). A constant series has none: 1 at lag 0 and 0 beyond. Lags of
 * n and more are 0. Throws RangeError for no values or non-finite ones.
 */
export function autocorrelation(values: ArrayLike<number>, lags: number): Float64Array {
  const correlation = correlator(values);
  return Float64Array.from({ length: lags + 1 }, (_, lag) => correlation(lag));
}

/**
 * The number of independent values that would give an equally precise mean: n over the sum of the
 * autocorrelations, taken over pairs of lags while these are positive and falling (the initial monotone
 * sequence of Geyer, Statistical Science 7(4), 1992). At most n, and at least 1. Takes time proportional to n
 * times the lag at which the correlation has died out. Throws RangeError for no values or non-finite ones.
 */
export function effectiveSampleSize(values: ArrayLike<number>): number {
  const n = values.length;
  const correlation = correlator(values);
  let total = -1;
  let smallest = Infinity;
  for (let lag = 0; lag < n; lag += 2) {
    smallest = Math.min(smallest, correlation(lag) + correlation(lag + 1));
    if (smallest <= 0) break;
    total += 2 * smallest;
  }
  return Math.min(n, Math.max(1, n / Math.max(total, 1)));
}

function correlator(values: ArrayLike<number>): (lag: number) => number {
  const series = requireFinite(values, 'an autocorrelation');
  const n = series.length;
  let centre = 0;
  for (const value of series) centre += value / n;
  const deviations = series.map((value) => value - centre);
  const covariance = (lag: number) => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += at(deviations, i) * at(deviations, i - lag);
    return sum;
  };
  // Rounding of the mean alone gives a constant series a spread of this order.
  const rounding = n * (Math.abs(centre) * n * Number.EPSILON) ** 2;
  const whole = covariance(0);
  if (whole <= rounding) return (lag) => (lag === 0 ? 1 : 0);
  return (lag) => covariance(lag) / whole;
}
