/**
 * Replaces a longer series by one of at most `length` values: the means of neighbours, in order. For searches
 * that take quadratic time. Throws RangeError for a length below 1.
 */
export function condensed(values: ArrayLike<number>, length: number): Float64Array {
  if (!(Number.isInteger(length) && length > 0))
    throw new RangeError(`a length must be an integer of 1 or more, found ${length}`);
  const n = values.length;
  const series = new Float64Array(values);
  if (n <= length) return series;
  return Float64Array.from({ length }, (_, i) => {
    const [from, to] = [Math.floor((i * n) / length), Math.floor(((i + 1) * n) / length)];
    return series.subarray(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
  });
}
