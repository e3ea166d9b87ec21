/** What every estimator requires of its input: enough numbers, all of them finite. */
import { at } from './at.ts';

/**
 * Throws RangeError, saying what was expected and found, unless there are at least `least` values and all are
 * finite. A NaN in a mean would end up as a figure that nobody can trace. Returns the values as a typed
 * array, the same one if they are in one already, so that later code can be optimised for a single kind.
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

/** The same, with every value above zero, as required for logarithms. */
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
