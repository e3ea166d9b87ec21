/**
 * The element at an index that exists. Throws RangeError otherwise: a missing number would propagate as NaN
 * and end up as a figure that nobody can trace.
 */

/**
 * For one kind of array only, for the inner loops: V8 then inlines it, and it costs the same as
 * `values[index]`.
 */
export function at(values: Float64Array, index: number): number {
  return values[index] ?? missing(index, values.length);
}

/** For elements that are never undefined themselves. */
export function itemAt<T extends object>(items: readonly T[], index: number): T {
  return items[index] ?? missing(index, items.length);
}

export function missing(index: number, length: number): never {
  throw new RangeError(`nothing is at index ${index} of ${length}`);
}
