/** The energy statistic of two stretches of a series, and the split at which it is largest. */
import { at } from './at.ts';

export interface Split {
  /** How many values lie before the split. */
  readonly at: number;
  /** The scaled energy statistic Q there, in the values' unit. */
  readonly strength: number;
}

/**
 * The split of a segment with the largest Q between the values before it and a stretch of any length after it
 * (Matteson & James, JASA 109, 2014, equation 7: leaving the far end free keeps a later change from hiding
 * this one). Undefined if the segment is too short for two stretches of `minimumSize`.
 *
 * Takes quadratic time and linear memory: as the end moves on by one value, `within[t]`, the sum of distances
 * among the values from t to the end, grows by the new value's distances.
 */
export function bestSplit(segment: Float64Array, minimumSize: number): Split | undefined {
  const n = segment.length;
  const within = new Float64Array(n);
  const fromStart = new Float64Array(n + 1); // within[0] as it was at each end
  let best: Split | undefined;
  for (let end = 1; end <= n; end++) {
    const newest = at(segment, end - 1);
    let distances = 0;
    for (let t = end - 2; t >= 0; t--) {
      distances += Math.abs(at(segment, t) - newest);
      within[t] = at(within, t) + distances;
    }
    const both = at(within, 0);
    fromStart[end] = both;
    let largest = best?.strength ?? -Infinity;
    let place = 0;
    for (let t = minimumSize; t <= end - minimumSize; t++) {
      const strength = scaledEnergy(t, end - t, at(fromStart, t), at(within, t), both);
      if (strength > largest) [largest, place] = [strength, t];
    }
    if (place > 0) best = { at: place, strength: largest };
  }
  return best;
}

/** Q of stretches of m and n values from the sums of distances within each, and within both together. */
function scaledEnergy(m: number, n: number, first: number, second: number, both: number): number {
  const between = (2 * (both - first - second)) / (m * n);
  const energy = between - (2 * first) / (m * (m - 1)) - (2 * second) / (n * (n - 1));
  return ((m * n) / (m + n)) * energy;
}
