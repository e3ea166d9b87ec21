/** Quantiles of a sample with distribution-free intervals. */
import { at } from './at.ts';
import { incompleteBeta } from './beta.ts';
import { requireShare } from './finite.ts';

export interface QuantileInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The p-quantile, as the smallest value that a share p of the sample does not exceed, with the interval
 * between two order statistics: the number of n independent values below the true quantile is binomial(n, p),
 * whatever their distribution (David & Nagaraja, "Order Statistics", 3rd ed. 2003, section 7.1). Either end
 * misses with at most half of 1 - confidence; if values repeat, it is wider than necessary. In the unit of
 * the values.
 *
 * Undefined if n is too small, that is, if the upper order statistic does not exist: p^n > (1 - confidence) /
 * 2. At 95% that is below 72 values for p = 0.95, 368 for 0.99, and 3,688 for 0.999. Throws RangeError unless
 * p and confidence lie between 0 and 1.
 * @param sorted in ascending order, and finite
 */
export function quantileInterval(
  sorted: Float64Array,
  p: number,
  confidence = 0.95,
): QuantileInterval | undefined {
  const n = sorted.length;
  if (n < fewestFor(p, confidence)) return undefined;
  const miss = (1 - confidence) / 2;
  // The rank r, from 1, lies above the quantile if at most r - 1 values lie below that.
  const lower = ranked(n, (rank) => atMost(rank - 1, n, p) > miss) - 1;
  const upper = ranked(n, (rank) => atMost(rank - 1, n, p) >= 1 - miss);
  return {
    value: at(sorted, Math.max(0, Math.ceil(n * p) - 1)),
    low: at(sorted, Math.max(0, lower - 1)),
    high: at(sorted, Math.min(n, upper) - 1),
  };
}

/** The smallest sample with an upper order statistic for the interval of the p-quantile. */
export function fewestFor(p: number, confidence = 0.95): number {
  requireShare(p, 'a quantile’s share');
  requireShare(confidence, 'a confidence');
  return Math.ceil(Math.log((1 - confidence) / 2) / Math.log(p));
}

/** The first rank from 1 to n for which it is true, as for all after it; n + 1 if for none. */
function ranked(n: number, isTrue: (rank: number) => boolean): number {
  let [from, to] = [1, n + 1];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (isTrue(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** P(B <= k) of a binomial(n, p) variable. */
function atMost(k: number, n: number, p: number): number {
  return k >= n ? 1 : incompleteBeta(1 - p, n - k, k + 1, p);
}
