/** What every estimator asks of its input: enough numbers, each of them finite. */

/**
 * Throws RangeError, saying what was expected and found, unless there are at least `least` values and all
 * are finite. A NaN that slipped into a mean would come out as a figure nobody can trace.
 */
export function requireFinite(values: ArrayLike<number>, what: string, least = 1): void {
  if (values.length < least) {
    throw new RangeError(
      `${what} needs at least ${least} ${least === 1 ? 'value' : 'values'}, found ${values.length}`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`${what} needs finite values, found ${String(values[i])} at index ${i}`);
    }
  }
}

/** The same, and every value above zero: what a logarithm needs. */
export function requirePositive(values: ArrayLike<number>, what: string): void {
  requireFinite(values, what);
  for (let i = 0; i < values.length; i++) {
    if ((values[i] as number) <= 0) {
      throw new RangeError(`${what} needs values above zero, found ${String(values[i])} at index ${i}`);
    }
  }
}

/** Throws RangeError unless the value lies strictly between 0 and 1, as a confidence or a power does. */
export function requireShare(value: number, what: string): void {
  if (!(value > 0 && value < 1)) {
    throw new RangeError(`${what} must lie between 0 and 1, found ${value}`);
  }
}
