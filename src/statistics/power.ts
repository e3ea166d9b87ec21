/** What a run can see, known before it starts: power of the paired t test on log ratios. */
import { requireShare } from './finite.ts';
import { noncentralTCdf } from './noncentral-t.ts';
import { normalQuantile } from './normal.ts';
import { tQuantile } from './student.ts';

/**
 * The chance that the two-sided test of n blocks at level `alpha` finds a true difference: exact, by the
 * noncentral t distribution (Cohen, "Statistical Power Analysis", 2nd ed., section 2.5).
 *
 * `effect` is a share: 0.02 for a ratio of 1.02. `sd` is the standard deviation of the blocks' log ratios,
 * for which a pilot's `logs.sd` serves. Throws RangeError for n below 2, a negative sd, an effect of -1 or
 * less, and an alpha outside (0, 1).
 */
export function powerOf(n: number, effect: number, sd: number, alpha = 0.05): number {
  requirePlan(sd, alpha);
  if (!(effect > -1)) throw new RangeError(`an effect must be above -1, which is -100%, found ${effect}`);
  return powerOfShift(requireBlocks(n), Math.log1p(effect), sd, alpha);
}

/**
 * The smallest slowdown, as a share, that n blocks find with the given power: "detects 2% with 80% power".
 * Of speed-ups it is as sure at the reciprocal ratio. 0 where the blocks don't differ at all.
 */
export function detectable(n: number, sd: number, power = 0.8, alpha = 0.05): number {
  requirePlan(sd, alpha);
  requireShare(power, 'a power');
  requireBlocks(n);
  if (sd === 0) return 0;
  let low = 0;
  let high = sd;
  while (powerOfShift(n, high, sd, alpha) < power) [low, high] = [high, 2 * high];
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (powerOfShift(n, middle, sd, alpha) < power) low = middle;
    else high = middle;
  }
  return Math.expm1(high);
}

/** The fewest blocks that find an effect, a share other than 0, with the given power; at least 2. */
export function blocksNeeded(effect: number, sd: number, power = 0.8, alpha = 0.05): number {
  requirePlan(sd, alpha);
  requireShare(power, 'a power');
  if (!(effect > -1) || effect === 0) {
    throw new RangeError(`an effect to plan for must be above -1 and not 0, found ${effect}`);
  }
  const shift = Math.log1p(effect);
  const normal = ((normalQuantile(1 - alpha / 2) + normalQuantile(power)) * sd) / shift;
  let n = Math.max(2, Math.floor(normal ** 2)); // t needs a few blocks more than the normal distribution says
  while (powerOfShift(n, shift, sd, alpha) < power) n++;
  while (n > 2 && powerOfShift(n - 1, shift, sd, alpha) >= power) n--;
  return n;
}

/**
 * The fewest blocks a run that let a gate find a slowdown, a share: two independent runs whose block logs have
 * this sd each, compared by Welch's test beyond `margin`, with the first step of Holm's adjustment over so many
 * `comparisons`. The default power leaves room for the 1 to 3% of good runs that come out as dragged by few blocks, and
 * so undecided: of both runs together 95% then find it. Throws RangeError unless the effect is beyond the margin.
 */
export function gateBlocksNeeded(
  effect: number,
  margin: number,
  sd: number,
  comparisons: number,
  power = 0.98,
  alpha = 0.05,
): number {
  requirePlan(sd, alpha);
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

function powerOfShift(n: number, shift: number, sd: number, alpha: number): number {
  if (sd === 0) return shift === 0 ? alpha : 1;
  const critical = tQuantile(1 - alpha / 2, n - 1);
  const delta = (Math.abs(shift) / sd) * Math.sqrt(n);
  if (delta > critical + 100) return 1; // further off than any double can tell
  return 1 - noncentralTCdf(critical, n - 1, delta) + noncentralTCdf(-critical, n - 1, delta);
}

function requirePlan(sd: number, alpha: number): void {
  if (!(sd >= 0 && Number.isFinite(sd)))
    throw new RangeError(`an sd must be finite and 0 or more, found ${sd}`);
  requireShare(alpha, 'an alpha');
}

function requireBlocks(n: number): number {
  if (!Number.isInteger(n) || n < 2) throw new RangeError(`a power needs 2 blocks or more, found ${n}`);
  return n;
}
