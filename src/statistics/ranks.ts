/** Ranks, the stuff of the distribution-free tests. */

export interface Ranks {
  /** One rank a value, from 1; values that are equal share the mean of the ranks they take up. */
  readonly ranks: Float64Array;
  /** The sum of t^3 - t over each group of t equal values: what ties take from a rank sum's variance. */
  readonly tieTerm: number;
}

/** Midranks of the values, in the values' order. */
export function rank(values: ArrayLike<number>): Ranks {
  const order = Array.from(values, (value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = new Float64Array(order.length);
  let tieTerm = 0;
  for (let start = 0; start < order.length;) {
    const end = endOfGroup(order, start);
    const size = end - start;
    for (const { index } of order.slice(start, end)) ranks[index] = start + (size + 1) / 2;
    tieTerm += size ** 3 - size;
    start = end;
  }
  return { ranks, tieTerm };
}

function endOfGroup(order: readonly { value: number }[], start: number): number {
  const value = order[start]?.value;
  let end = start + 1;
  while (end < order.length && order[end]?.value === value) end++;
  return end;
}
