/** How far off a fit may be because its data are only known to within a share. */
import { at } from './at.ts';

/**
 * By coefficient, in its unit: the sum of how far each value's own uncertainty shifts it, all at their worst,
 * because a clock's tick need not affect different values in compensating ways (JCGM 100:2008, 5.2.2, note 1:
 * fully correlated uncertainties add up linearly).
 *
 * @param fit the coefficients, from the values
 * @param open how far off the log of each value may be, 0 or more
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
