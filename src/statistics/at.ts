/**
 * What stands at an index that is there. Throws RangeError where it is not: a missing number would go on as NaN
 * until it comes out as a figure that nobody can trace.
 */

/** One kind of array only, for the inner loops: V8 then inlines it, and it costs what `values[index]` does. */
export function at(values: Float64Array, index: number): number {
  return values[index] ?? missing(index, values.length);
}

/** Of things that are never undefined themselves. */
export function itemAt<T extends object>(items: readonly T[], index: number): T {
  return items[index] ?? missing(index, items.length);
}

export function missing(index: number, length: number): never {
  throw new RangeError(`nothing is at index ${index} of ${length}`);
}
