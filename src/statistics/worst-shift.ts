/** How far what is fitted may be off where what it is fitted to is known no better than to a share. */
import { at } from './at.ts';

/**
 * By coefficient, in its unit: the sum of how far each value's own uncertainty moves it, all at their worst, since what a
 * clock's tick does to one value need not be undone by what it does to another (JCGM 100:2008, 5.2.2, note 1: what is
 * fully correlated adds up linearly).
 *
 * @param fit the coefficients, by the values
 * @param open how far the log of each value may be off, 0 or more
 */
export function worstShifts(
  fit: (values: Float64Array) => readonly number[],
  values: Float64Array,
  open: Float64Array,
): number[] {
  const own = fit(values);
  const moved = Array.from(values, (value, index) =>
    at(open, index) === 0 ? own : fit(values.with(index, value * Math.exp(at(open, index)))),
  );
  return own.map((coefficient, place) =>
    moved.reduce((sum, fitted) => sum + Math.abs((fitted[place] ?? NaN) - coefficient), 0),
  );
}
