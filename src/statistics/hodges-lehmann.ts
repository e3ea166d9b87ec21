/** The Hodges-Lehmann estimate of a centre: nearly as precise as the mean, but not dragged by outliers. */
import { at } from './at.ts';
import { requireFinite, requireShare } from './finite.ts';
import type { Interval } from './interval.ts';
import { normalQuantile } from './normal.ts';
import { EXACT_LIMIT, signedRankDistribution } from './signed-rank.ts';

export interface HodgesLehmann extends Interval {
  readonly estimate: number;
}

/**
 * The median of the Walsh averages (x_i + x_j) / 2, i <= j (Hodges & Lehmann, Annals of Mathematical
 * Statistics 34(2), 1963), with the interval that inverts the signed-rank test (Hollander, Wolfe & Chicken,
 * section 3.3): exact, so at least at the requested confidence, for up to 50 values, and by the normal
 * approximation beyond. The ends are null if no interval from so few values reaches the confidence: 95% needs
 * 6. In the unit of the values; throws RangeError for none or non-finite ones.
 */
export function hodgesLehmann(values: ArrayLike<number>, confidence = 0.95): HodgesLehmann {
  const sorted = requireFinite(values, 'a Hodges-Lehmann estimate').toSorted();
  requireShare(confidence, 'a confidence');
  const averages = (sorted.length * (sorted.length + 1)) / 2;
  const estimate = middleOf(sorted, averages);
  const cut = criticalRank(sorted.length, (1 - confidence) / 2);
  if (cut < 1) return { estimate, low: null, high: null };
  return { estimate, low: walshAverage(sorted, cut), high: walshAverage(sorted, averages + 1 - cut) };
}

/** The estimate alone, if the interval isn't needed. Throws like `hodgesLehmann`. */
export function shiftOf(values: ArrayLike<number>): number {
  const sorted = requireFinite(values, 'a Hodges-Lehmann estimate').toSorted();
  return middleOf(sorted, (sorted.length * (sorted.length + 1)) / 2);
}

function middleOf(sorted: Float64Array, averages: number): number {
  const middle = walshAverage(sorted, Math.ceil(averages / 2));
  return averages % 2 === 1 ? middle : (middle + walshAverage(sorted, averages / 2 + 1)) / 2;
}

/** The largest c with P(W <= c - 1) <= tail: the interval runs from the c-th Walsh average to the c-th last. */
function criticalRank(n: number, tail: number): number {
  if (n > EXACT_LIMIT) {
    const spread = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
    return Math.floor((n * (n + 1)) / 4 + normalQuantile(tail) * spread);
  }
  const cumulative = signedRankDistribution(Float64Array.from({ length: n }, (_, i) => i + 1));
  return cumulative.findIndex((probability) => probability > tail);
}

/**
 * The k-th smallest Walsh average, from 1, of sorted values. It halves the range of doubles between the
 * extremes, counting the averages at or below the middle in one pass of two pointers; so it is exact, and
 * needs no list of all n (n + 1) / 2 of them.
 */
function walshAverage(sorted: Float64Array, k: number): number {
  let low = at(sorted, 0);
  let high = at(sorted, sorted.length - 1);
  if (countAtMost(sorted, low) >= k) return low;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (countAtMost(sorted, middle) >= k) high = middle;
    else low = middle;
  }
}

function countAtMost(sorted: Float64Array, bound: number): number {
  let count = 0;
  let j = sorted.length - 1;
  for (let i = 0; i < sorted.length; i++) {
    while (j >= 0 && average(sorted, i, j) > bound) j--;
    if (j < i) break;
    count += j - i + 1;
  }
  return count;
}

const average = (sorted: Float64Array, i: number, j: number) => (at(sorted, i) + at(sorted, j)) / 2;
