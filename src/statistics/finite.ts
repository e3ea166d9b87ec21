/** What every estimator asks of its input: enough numbers, each of them finite. */
import { at } from './at.ts';

/**
 * Throws RangeError, saying what was expected and found, unless there are at least `least` values and all
 * are finite. A NaN that slipped into a mean would come out as a figure nobody can trace. Gives the values as a
 * typed array, the same one where they are in one already, so that whatever comes after has one kind to be fast on.
 */
export function requireFinite(values: ArrayLike<number>, what: string, least = 1): Float64Array {
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
  return values instanceof Float64Array ? values : new Float64Array(values);
}

/** The same, and every value above zero: what a logarithm needs. */
export function requirePositive(values: ArrayLike<number>, what: string): Float64Array {
  const finite = requireFinite(values, what);
  for (let i = 0; i < finite.length; i++) {
    const value = at(finite, i);
    if (value <= 0) throw new RangeError(`${what} needs values above zero, found ${value} at index ${i}`);
  }
  return finite;
}

/** Throws RangeError unless the value lies strictly between 0 and 1, as a confidence or a power does. */
export function requireShare(value: number, what: string): void {
  if (!(value > 0 && value < 1)) {
    throw new RangeError(`${what} must lie between 0 and 1, found ${value}`);
  }
}
