/** A difference of performance, in logs, compared with a margin. */
import { type Verdict, verdictOf } from '../compare/verdict.ts';
import { notWithin } from '../statistics/ratio.ts';
import { type MeanDifference, differenceInterval, differenceTest } from '../statistics/welch.ts';

/** A verdict, and the interval of the ratio behind it. */
export interface IntervalVerdict {
  low: number | null;
  high: number | null;
  confidence: number;
  verdict: Verdict;
}

/**
 * The verdict at a confidence. Undefined stands for a difference of which nothing is known.
 * @param open how far off it may be because figures come in steps
 */
export function verdictAt(
  difference: MeanDifference | undefined,
  open: number,
  margin: number,
): (confidence: number) => IntervalVerdict {
  return (confidence) => {
    const { low, high } =
      difference === undefined
        ? { low: null, high: null }
        : notWithin(differenceInterval(difference, confidence), difference.value, open);
    const ends = { low: low === null ? null : Math.exp(low), high: high === null ? null : Math.exp(high) };
    return { ...ends, confidence, verdict: verdictOf(ends.low, ends.high, 'higher', margin) };
  };
}

/** The two-sided p value of its lying within an edge on either side. */
export function withinP(difference: MeanDifference, edge: number): number {
  return Math.min(
    1,
    2 * Math.min(differenceTest(difference, -edge, 'less'), differenceTest(difference, edge, 'greater')),
  );
}
