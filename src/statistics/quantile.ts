/** Quantiles, and a spread that outliers can't stretch. */
import { at } from './at.ts';
import { requireFinite } from './finite.ts';

/**
 * The p-quantile by linear interpolation: type 7 of Hyndman & Fan, "Sample quantiles in statistical packages"
 * (1996), the default of R and NumPy. Throws RangeError for no values, for non-finite ones, and unless 0 <= p
 * <= 1.
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  return sortedQuantile(requireFinite(values, 'a quantile').toSorted(), p);
}

/** `quantile` for values that are already in ascending order and known to be finite. */
export function sortedQuantile(sorted: Float64Array, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile's share must be from 0 to 1, found ${p}`);
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = at(sorted, below);
  const high = at(sorted, Math.min(below + 1, sorted.length - 1));
  return low + (position - below) * (high - low);
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: ArrayLike<number>): number {
  return sortedQuantile(requireFinite(values, 'a median').toSorted(), 0.5);
}

/**
 * The median absolute deviation from the median, in the values' unit and unscaled: times 1.4826 it
 * estimates the standard deviation of normal data.
 */
export function medianAbsoluteDeviation(values: ArrayLike<number>): number {
  const centre = median(values);
  return median(Float64Array.from(values, (value) => Math.abs(value - centre)));
}
