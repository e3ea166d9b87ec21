/**
 * What a run can detect, known before it starts: the power of the verdict itself, which compares an interval
 * with a margin.
 */
import { chiSquareQuantile } from './chi-square.ts';
import { requireShare } from './finite.ts';
import { chanceBeyond, requireBlocks, requireSpread } from './power.ts';
import { decisiveConfidence } from './ratio.ts';
import { tQuantile } from './student.ts';

/** The parameters of a verdict. */
export interface VerdictPlan {
  /** Of the blocks' log ratios, 0 or more. */
  readonly sd: number;
  /** A share above 0. */
  readonly margin: number;
  /** Of the interval; verdicts on few blocks use a higher one by themselves. */
  readonly confidence: number;
}

/**
 * The upper confidence limit of a standard deviation estimated from n values, by the chi-square distribution
 * for normal ones. A plan from a pilot's own sd fails if the pilot happened to scatter little; with the 80%
 * limit, it keeps its promise in 80% of cases (Browne, Statistics in Medicine 14(17), 1995). n is Infinity if
 * the sd is known, and not an integer if values are correlated and worth fewer.
 */
export function upperLimit(sd: number, n: number, assurance = 0.8): number {
  requireShare(assurance, 'an assurance');
  if (n === Infinity) return sd;
  if (!(n >= 2)) throw new RangeError(`a limit needs 2 values or more, found ${n}`);
  return sd * Math.sqrt((n - 1) / chiSquareQuantile(1 - assurance, n - 1));
}

/**
 * The smallest slowdown, a share, that is detected with n blocks and the given power; for speed-ups, at the
 * reciprocal ratio.
 */
export function detectable(n: number, plan: VerdictPlan, power = 0.8): number {
  requireShare(power, 'a power');
  const edge = edgeOf(plan);
  if (plan.sd === 0) return plan.margin;
  const critical = criticalValue(requireBlocks(n), plan);
  const found = (shift: number) => chanceBeyond(n, shift / plan.sd, critical) >= power;
  return Math.expm1(edge + leastShift(found, plan.sd));
}

/**
 * The minimum number of blocks to distinguish a mode without a difference, as the same, from one with twice
 * the margin, as slower or faster, each with the given power: at least 2. The first is two one-sided tests
 * (Schuirmann, J. Pharmacokinet. Biopharm. 15, 1987); the chances that either fails are added up, which
 * overestimates the chance that one does only if power is low.
 */
export function blocksForMargin(plan: VerdictPlan, power = 0.8): number {
  requireShare(power, 'a power');
  const edge = edgeOf(plan);
  if (plan.sd === 0) return 2;
  const further = Math.log1p(2 * plan.margin) - edge;
  const enough = (n: number) => {
    const critical = criticalValue(n, plan);
    const same = 1 - 2 * (1 - chanceBeyond(n, edge / plan.sd, critical));
    return same >= power && chanceBeyond(n, further / plan.sd, critical) >= power;
  };
  let [low, high] = [1, 2];
  while (!enough(high)) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * How many standard errors from the mean the ends of the interval are that a verdict on n normal blocks uses.
 * The outer ends of t and the studentised bootstrap, and blocks that count as dependent by chance, widen it
 * compared with t's by these factors in the geometric mean: 1.9 at 5 blocks, 1.3 at 9, 1.2 at 10, 1.05 at 30
 * (test/statistics/verdict-power.test.ts measures it).
 */
function criticalValue(n: number, { confidence }: VerdictPlan): number {
  const level = decisiveConfidence(confidence, n);
  return widening(n, level > confidence) * tQuantile((1 + level) / 2, n - 1);
}

/**
 * How much wider than t's such an interval is. @param few whether n is so small that a verdict requires a
 * higher confidence
 */
export function widening(n: number, few: boolean): number {
  if (n < 4) return 1;
  // 1.9 at 5 blocks and 1.33 at 9, and 1.8 / n over 1 from there on.
  return few ? 1 + 4.5 / n - 0.4 * ((n - 5) / n) : 1 + 1.8 / n;
}

function edgeOf({ sd, margin, confidence }: VerdictPlan): number {
  requireSpread(sd);
  requireShare(confidence, 'a confidence');
  if (!(margin > 0)) throw new RangeError(`a margin must be above 0, found ${margin}`);
  return Math.log1p(margin);
}

/** The smallest shift that is detected, to ten digits; `step` is any initial value. */
export function leastShift(found: (shift: number) => boolean, step: number): number {
  let [low, high] = [0, step];
  while (!found(high)) [low, high] = [high, 2 * high];
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (found(middle)) high = middle;
    else low = middle;
  }
  return high;
}
