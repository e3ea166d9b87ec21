/** An interval estimate, and the one with which every other is compared: Student's t for a mean. */
import { requireShare } from './finite.ts';
import { mean, standardDeviation } from './moments.ts';
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
}

/** Throws RangeError for no values or non-finite ones. */
export function summarise(values: ArrayLike<number>): Summary {
  const n = values.length;
  return { mean: mean(values), sd: n < 2 ? 0 : standardDeviation(values), n };
}

/**
 * The two-sided t interval of the mean (Student, Biometrika 6(1), 1908); both ends null below two values.
 * Equal values give an interval of zero width.
 */
export function tInterval({ mean, sd, n }: Summary, confidence = 0.95): Interval {
  requireShare(confidence, 'a confidence');
  if (n < 2) return { low: null, high: null };
  const half = (tQuantile((1 + confidence) / 2, n - 1) * sd) / Math.sqrt(n);
  return { low: mean - half, high: mean + half };
}

/**
 * The two-sided p value of the t test for a mean of 0, if the mean may be off by `openness` however many
 * values there are: for the possible value nearest to 0. The uncertainty also adds to the scatter of values,
 * by the sd of the difference of two roundings for each figure (JCGM 100:2008, F.2.2.1): openness ÷ √6.
 */
export function openTest({ mean, sd, n }: Summary, openness: number): number {
  const nearest = Math.sign(mean) * Math.max(0, Math.abs(mean) - openness);
  return tTest({ mean: nearest, sd: Math.hypot(sd, openness / Math.sqrt(6)), n });
}

/**
 * The p value of the t test for the mean `against`: `two-sided`, or against the alternative that it is
 * `greater` or `less`. 1 below two values, which can contradict nothing.
 */
export function tTest(
  { mean, sd, n }: Summary,
  against = 0,
  alternative: 'two-sided' | 'greater' | 'less' = 'two-sided',
): number {
  if (n < 2) return 1;
  const distance = mean - against;
  const t = distance === 0 ? 0 : distance / (sd / Math.sqrt(n)); // infinite where there is no spread
  if (alternative === 'two-sided') return Math.min(1, 2 * tTail(Math.abs(t), n - 1));
  return tTail(alternative === 'greater' ? t : -t, n - 1);
}
