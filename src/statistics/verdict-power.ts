/** What a run can see, known before it starts: the power of the verdict itself, which is an interval against a margin. */
import { chiSquareQuantile } from './chi-square.ts';
import { requireShare } from './finite.ts';
import { chanceBeyond, requireBlocks, requireSpread } from './power.ts';
import { decisiveConfidence } from './ratio.ts';
import { tQuantile } from './student.ts';

/** What a verdict rests on. */
export interface VerdictPlan {
  /** Of the blocks' log ratios, 0 or more. */
  readonly sd: number;
  /** A share above 0. */
  readonly margin: number;
  /** Of the interval; verdicts of few blocks take more by themselves. */
  readonly confidence: number;
}

/**
 * The upper limit of a standard deviation that n values were found to have, by the chi-square distribution of normal
 * ones. A plan from a pilot's own sd fails where the pilot happened to scatter little; with the limit at which the sd is
 * with 80%, it keeps its promise in as many (Browne, Statistics in Medicine 14(17), 1995). Infinity for n, where it is known; no integer, where values depend
 * on each other and are worth fewer.
 */
export function upperLimit(sd: number, n: number, assurance = 0.8): number {
  requireShare(assurance, 'an assurance');
  if (n === Infinity) return sd;
  if (!(n >= 2)) throw new RangeError(`a limit needs 2 values or more, found ${n}`);
  return sd * Math.sqrt((n - 1) / chiSquareQuantile(1 - assurance, n - 1));
}

/** The smallest slowdown, a share, that n blocks call one with the given power; of speed-ups, at the reciprocal ratio. */
export function detectable(n: number, plan: VerdictPlan, power = 0.8): number {
  requireShare(power, 'a power');
  const edge = edgeOf(plan);
  if (plan.sd === 0) return plan.margin;
  const critical = criticalValue(requireBlocks(n), plan);
  const found = (shift: number) => chanceBeyond(n, shift / plan.sd, critical) >= power;
  return Math.expm1(edge + leastShift(found, plan.sd));
}

/**
 * The fewest blocks that tell a mode without a difference, as the same, from one of twice the margin, as slower or faster,
 * either with the given power: 2 at least. The first is two one-sided tests (Schuirmann, J. Pharmacokinet. Biopharm. 15,
 * 1987); the chances that either fails are added up, which exceeds the chance that one does where power is low alone.
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
 * How many standard errors from the mean the ends of the interval are that a verdict of n normal blocks rests on. The further
 * ends of t and the studentised bootstrap, and blocks that pass for dependent by chance, make it as many times wider than t's in the
 * geometric mean: 1.9 at 5 blocks, 1.3 at 9, 1.2 at 10, 1.05 at 30 (test/statistics/verdict-power.test.ts measures it).
 */
function criticalValue(n: number, { confidence }: VerdictPlan): number {
  const level = decisiveConfidence(confidence, n);
  return widening(n, level > confidence) * tQuantile((1 + level) / 2, n - 1);
}

/** By how much such an interval is wider than t's. @param few whether n is so few that a verdict takes a further confidence */
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

/** The least shift that is found, to ten digits; `step` is any to begin with. */
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
