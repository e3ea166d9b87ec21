/** The uncertainty of a share estimated from a count. */
import { requireShare } from './finite.ts';
import { normalQuantile } from './normal.ts';

/**
 * Wilson's interval of a binomial proportion (JASA 22, 1927), which Brown, Cai & DasGupta (Statistical
 * Science 16(2), 2001) recommend for small n: it has a width even if the count is 0. Throws RangeError unless
 * 0 <= count <= n and n > 0.
 */
export function wilsonInterval(count: number, n: number, confidence = 0.95): { low: number; high: number } {
  requireShare(confidence, 'a confidence');
  if (!(n > 0 && count >= 0 && count <= n))
    throw new RangeError(`a share needs 0 <= count <= n and n above 0, found ${count} of ${n}`);
  const z = normalQuantile((1 + confidence) / 2);
  const centre = (count + z ** 2 / 2) / (n + z ** 2);
  const half = (z / (n + z ** 2)) * Math.sqrt((count * (n - count)) / n + z ** 2 / 4);
  return {
    low: count === 0 ? 0 : Math.max(0, centre - half),
    high: count === n ? 1 : Math.min(1, centre + half),
  };
}
