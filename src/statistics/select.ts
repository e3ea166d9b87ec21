/** A few quantiles of many values: in linear time, which is less than sorting takes. */
import { at } from './at.ts';

/**
 * The p-quantile, identical to `sortedQuantile`, of values in any order, which it reorders: whatever is below
 * the quantile is moved before it, so that the next one is found sooner (Hoare, "Algorithm 65: FIND", CACM
 * 4(7), 1961). Throws RangeError for no values and unless 0 <= p <= 1.
 */
export function selectQuantile(values: Float64Array, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile's share must be from 0 to 1, found ${p}`);
  const position = (values.length - 1) * p;
  const below = Math.floor(position);
  const low = select(values, below);
  let high = below + 1 < values.length ? Infinity : low;
  for (let i = below + 1; i < values.length; i++) {
    const value = at(values, i);
    if (value < high) high = value;
  }
  return low + (position - below) * (high - low);
}

/** The value at `rank` in sorted order; afterwards none before it is greater, and none after it less. */
function select(values: Float64Array, rank: number): number {
  let [left, right] = [0, values.length - 1];
  while (left < right) {
    const pivot = at(values, (left + right) >>> 1);
    let [i, j] = [left, right];
    while (i <= j) {
      while (at(values, i) < pivot) i++;
      while (at(values, j) > pivot) j--;
      if (i > j) break;
      const held = at(values, i);
      values[i++] = at(values, j);
      values[j--] = held;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else break;
  }
  return at(values, rank);
}
