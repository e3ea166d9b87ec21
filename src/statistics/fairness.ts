/** How evenly something is shared. */
import { requireFinite } from './finite.ts';

/**
 * Jain's fairness index of each guest's share: 1 if all got the same, k/n if k of n shared everything evenly
 * (Jain, Chiu & Hawe, DEC Research Report TR-301, 1984). It has no unit. Throws RangeError for no shares, for
 * negative or non-finite ones, and if all are 0.
 */
export function jainIndex(shares: ArrayLike<number>): number {
  const got = requireFinite(shares, "Jain's index");
  let largest = 0;
  for (const [i, share] of got.entries()) {
    if (share < 0)
      throw new RangeError(`Jain's index needs shares of 0 or more, found ${share} at index ${i}`);
    largest = Math.max(largest, share);
  }
  if (largest === 0) throw new RangeError("Jain's index needs a share above 0, found only zeros");
  let sum = 0;
  let squares = 0;
  for (const share of got) {
    const part = share / largest; // so that no square overflows
    sum += part;
    squares += part * part;
  }
  return (sum * sum) / (got.length * squares);
}
