/** Whether one new value is consistent with earlier ones, and which shift would be detected. */
import { requireShare } from './finite.ts';
import type { Summary } from './interval.ts';
import { noncentralTCdf } from './noncentral-t.ts';
import { tQuantile } from './student.ts';
import { leastShift } from './verdict-power.ts';
import type { MeanDifference } from './welch.ts';

/**
 * A new value minus the mean of earlier independent values, as a difference whose interval is the prediction
 * interval: it includes the spread of both the new value and the mean, estimated from the earlier values
 * (Hahn & Meeker, "Statistical Intervals", 1991, section 4.7). With fewer than two earlier values nothing is
 * known about it.
 */
export function fromThePast(value: number, { mean, sd, n }: Summary): MeanDifference {
  return {
    value: value - mean,
    standardError: sd * Math.sqrt(1 + 1 / n),
    degrees: n < 2 ? null : n - 1,
  };
}

/**
 * How many of its standard errors such a difference must truly be from an edge for its interval at a
 * two-sided `level` to lie wholly beyond the edge with the given power: the noncentrality of Student's t with
 * n - 1 degrees of freedom, after n values. Throws RangeError for fewer than two, and for a level or power
 * that is not a share.
 */
export function detectableDistance(n: number, level: number, power = 0.8): number {
  requireShare(level, 'a level');
  requireShare(power, 'a power');
  if (!(n >= 2)) throw new RangeError(`a prediction needs 2 values or more, found ${n}`);
  const critical = tQuantile(1 - level / 2, n - 1);
  return leastShift((distance) => 1 - noncentralTCdf(critical, n - 1, distance) >= power, critical);
}
