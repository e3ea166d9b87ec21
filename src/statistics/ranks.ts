/** Ranks, the basis of the distribution-free tests. */

export interface Ranks {
  /** One rank per value, from 1; equal values share the mean of their ranks. */
  readonly ranks: Float64Array;
  /** The sum of t^3 - t over each group of t equal values: the reduction of a rank sum's variance by ties. */
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
