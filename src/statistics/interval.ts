/** An interval estimate, and the one with which every other is compared: Student's t for a mean. */
import { requireShare } from './finite.ts';
import { mean, standardDeviation } from './moments.ts';
import { type Strata, degreesWithin } from './strata.ts';
import { tQuantile, tTail } from './student.ts';

/** Two ends in the unit of the estimate; null if the data can't bound it at this confidence. */
export interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}

/** What a t interval or test needs to know about a sample. */
export interface Summary {
  readonly mean: number;
  /** The standard deviation with divisor n - 1; 0 for a single value, which has no interval. */
  readonly sd: number;
  readonly n: number;
  /** Of freedom, where they are not n - 1: the values are of several strata. */
  readonly degrees?: number;
}

/** Throws RangeError for no values or non-finite ones. @param strata that the values were aligned in (strata.ts) */
export function summarise(values: ArrayLike<number>, strata?: Strata): Summary {
  const n = values.length;
  const own = { mean: mean(values), sd: n < 2 ? 0 : standardDeviation(values), n };
  return strata === undefined ? own : { ...own, degrees: degreesWithin(values, strata) };
}

export function degreesOf({ n, degrees = n - 1 }: Pick<Summary, 'n' | 'degrees'>): number {
  return degrees;
}

/**
 * The two-sided t interval of the mean (Student, Biometrika 6(1), 1908); both ends null below two values.
 * Equal values give an interval of zero width.
 */
export function tInterval(summary: Summary, confidence = 0.95): Interval {
  requireShare(confidence, 'a confidence');
  const { mean, sd, n } = summary;
  if (n < 2) return { low: null, high: null };
  const half = (tQuantile((1 + confidence) / 2, degreesOf(summary)) * sd) / Math.sqrt(n);
  return { low: mean - half, high: mean + half };
}

/**
 * The two-sided p value of the t test for a mean of 0, if the mean may be off by `openness` however many
 * values there are: for the possible value nearest to 0. The uncertainty also adds to the scatter of values,
 * by the sd of the difference of two roundings for each figure (JCGM 100:2008, F.2.2.1): openness ÷ √6.
 */
export function openTest({ mean, sd, ...counted }: Summary, openness: number): number {
  const nearest = Math.sign(mean) * Math.max(0, Math.abs(mean) - openness);
  return tTest({ mean: nearest, sd: Math.hypot(sd, openness / Math.sqrt(6)), ...counted });
}

/**
 * The p value of the t test for the mean `against`: `two-sided`, or against the alternative that it is
 * `greater` or `less`. 1 below two values, which can contradict nothing.
 */
export function tTest(
  summary: Summary,
  against = 0,
  alternative: 'two-sided' | 'greater' | 'less' = 'two-sided',
): number {
  const { mean, sd, n } = summary;
  if (n < 2) return 1;
  const [distance, degrees] = [mean - against, degreesOf(summary)];
  const t = distance === 0 ? 0 : distance / (sd / Math.sqrt(n)); // infinite where there is no spread
  if (alternative === 'two-sided') return Math.min(1, 2 * tTail(Math.abs(t), degrees));
  return tTail(alternative === 'greater' ? t : -t, degrees);
}
