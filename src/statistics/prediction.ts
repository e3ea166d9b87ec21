/** Whether one new value is like those before it, and which shift of it would show. */
import { requireShare } from './finite.ts';
import type { Summary } from './interval.ts';
import { noncentralTCdf } from './noncentral-t.ts';
import { tQuantile } from './student.ts';
import { leastShift } from './verdict-power.ts';
import type { MeanDifference } from './welch.ts';

/**
 * A new value less the mean of independent values before it, as a difference whose interval is the prediction interval:
 * both the new value and the mean have their spread, which the past values tell (Hahn & Meeker, "Statistical Intervals",
 * 1991, section 4.7). With fewer than two values before it nothing is known of it.
 */
export function fromThePast(value: number, { mean, sd, n }: Summary): MeanDifference {
  return {
    value: value - mean,
    standardError: sd * Math.sqrt(1 + 1 / n),
    degrees: n < 2 ? null : n - 1,
  };
}

/**
 * How many of its standard errors such a difference has to be from an edge, in truth, for its interval at a two-sided `level`
 * to lie wholly beyond the edge with the given power: the noncentrality of Student's t with n - 1 degrees of freedom, where n
 * values came before. Throws RangeError for fewer than two of them, and for a level or power that is no share.
 */
export function detectableDistance(n: number, level: number, power = 0.8): number {
  requireShare(level, 'a level');
  requireShare(power, 'a power');
  if (!(n >= 2)) throw new RangeError(`a prediction needs 2 values or more, found ${n}`);
  const critical = tQuantile(1 - level / 2, n - 1);
  return leastShift((distance) => 1 - noncentralTCdf(critical, n - 1, distance) >= power, critical);
}
