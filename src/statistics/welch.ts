/** The difference of two independent means whose variances need not be equal. */
import { requireShare } from './finite.ts';
import type { Interval, Summary } from './interval.ts';
import { tQuantile, tTail } from './student.ts';

/** The first mean minus the second, and its uncertainty. */
export interface MeanDifference {
  readonly value: number;
  readonly standardError: number;
  /** Of Student's t; null if one sample has fewer than two values, which bounds nothing. */
  readonly degrees: number | null;
}

/**
 * Welch's difference of means, with the degrees of freedom of Welch and Satterthwaite (Welch, Biometrika
 * 34(1-2), 1947). For runs that share no block; within a run, pair.
 */
export function meanDifference(first: Summary, second: Summary): MeanDifference {
  const [a, b] = [first.sd ** 2 / first.n, second.sd ** 2 / second.n];
  const value = first.mean - second.mean;
  if (first.n < 2 || second.n < 2) return { value, standardError: Math.sqrt(a + b), degrees: null };
  const spread = a + b;
  // Scaled, so that variances near the smallest double don't vanish when squared.
  const degrees =
    spread === 0
      ? first.n + second.n - 2
      : 1 / ((a / spread) ** 2 / (first.n - 1) + (b / spread) ** 2 / (second.n - 1));
  return { value, standardError: Math.sqrt(spread), degrees };
}

/** Its two-sided interval; both ends null without degrees of freedom. */
export function differenceInterval(difference: MeanDifference, confidence: number): Interval {
  requireShare(confidence, 'a confidence');
  const { value, standardError, degrees } = difference;
  if (degrees === null) return { low: null, high: null };
  const half = tQuantile((1 + confidence) / 2, degrees) * standardError;
  return { low: value - half, high: value + half };
}

/**
 * The p value of its being `against`, with the alternative that it is `greater` or `less`; 1 if nothing is
 * known.
 */
export function differenceTest(
  { value, standardError, degrees }: MeanDifference,
  against: number,
  alternative: 'greater' | 'less',
): number {
  if (degrees === null) return 1;
  const distance = value - against;
  const t = distance === 0 ? 0 : distance / standardError; // infinite where there is no spread
  return tTail(alternative === 'greater' ? t : -t, degrees);
}
