/** Whether a series goes steadily up or down. */
import { at } from './at.ts';
import { requireFinite } from './finite.ts';
import { tTail } from './student.ts';

export interface Trend {
  /** The change per step, by least squares. */
  readonly slope: number;
  /** Two-sided, for a slope of 0; 1 below three values. */
  readonly p: number;
  /** The squares of the residuals of the line. */
  readonly residual: number;
}

/**
 * The least-squares line through equally spaced values (Draper & Smith, "Applied Regression Analysis", ch.
 * 1). To its p value, autocorrelated values look like a trend, unless it is given the number of independent
 * values they are `worth`, which increases the slope's error and reduces its degrees of freedom accordingly.
 * Throws RangeError for fewer than two or non-finite values.
 */
export function trendOf(values: ArrayLike<number>, worth = values.length): Trend {
  const series = requireFinite(values, 'a trend', 2);
  const n = series.length;
  const middle = (n - 1) / 2;
  const centre = series.reduce((sum, value) => sum + value, 0) / n;
  let [across, along] = [0, 0];
  for (let i = 0; i < n; i++) {
    across += (i - middle) ** 2;
    along += (i - middle) * (at(series, i) - centre);
  }
  const slope = along / across;
  let residual = 0;
  for (let i = 0; i < n; i++) residual += (at(series, i) - centre - slope * (i - middle)) ** 2;
  if (n < 3) return { slope, p: 1, residual };
  const degrees = Math.max(1, worth - 2);
  const error = Math.sqrt(residual / degrees / across);
  return { slope, p: slope === 0 ? 1 : Math.min(1, 2 * tTail(Math.abs(slope) / error, degrees)), residual };
}
