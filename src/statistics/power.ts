/** The power of tests of block log ratios. */
import { requireShare } from './finite.ts';
import { noncentralTCdf } from './noncentral-t.ts';
import { normalQuantile } from './normal.ts';
import { tQuantile } from './student.ts';

/**
 * The chance that the t of n blocks, whose true mean is this many of their standard deviations above 0, is
 * beyond `critical`: exact for normal blocks, by the noncentral t distribution (Cohen, "Statistical Power
 * Analysis", 2nd ed., section 2.5). Throws RangeError for n below 2.
 */
export function chanceBeyond(n: number, shift: number, critical: number): number {
  const delta = shift * Math.sqrt(requireBlocks(n));
  if (delta > critical + 100) return 1; // further off than any double can tell
  return 1 - noncentralTCdf(critical, n - 1, delta);
}

/**
 * The minimum number of blocks per run for a gate to find a slowdown, a share: two independent runs whose
 * block logs have this sd each, compared by Welch's test beyond `margin`, with the first step of Holm's
 * correction over this many `comparisons`. The default power leaves room for what a test of normal blocks
 * does not model, such as a few blocks that drag a mean: 95% then find it (docs/error-rates.md). Throws
 * RangeError unless the effect is beyond the margin.
 */
export function gateBlocksNeeded(
  effect: number,
  margin: number,
  sd: number,
  comparisons: number,
  power = 0.98,
  alpha = 0.05,
): number {
  requireSpread(sd);
  requireShare(alpha, 'an alpha');
  requireShare(power, 'a power');
  if (!(effect > margin && margin >= 0))
    throw new RangeError(`an effect must be beyond the margin of ${margin}, found ${effect}`);
  const shift = Math.log1p(effect) - Math.log1p(margin);
  const level = alpha / comparisons;
  const found = (n: number) => {
    if (sd === 0) return 1;
    const [degrees, delta] = [2 * n - 2, (shift / sd) * Math.sqrt(n / 2)];
    const critical = tQuantile(1 - level / 2, degrees);
    return delta > critical + 100 ? 1 : 1 - noncentralTCdf(critical, degrees, delta);
  };
  const normal = ((normalQuantile(1 - level / 2) + normalQuantile(power)) * sd) / shift;
  let n = Math.max(2, Math.floor(2 * normal ** 2));
  while (found(n) < power) n++;
  while (n > 2 && found(n - 1) >= power) n--;
  return n;
}

export function requireSpread(sd: number): void {
  if (!(sd >= 0 && Number.isFinite(sd)))
    throw new RangeError(`an sd must be finite and 0 or more, found ${sd}`);
}

export function requireBlocks(n: number): number {
  if (!Number.isInteger(n) || n < 2) throw new RangeError(`a power needs 2 blocks or more, found ${n}`);
  return n;
}
