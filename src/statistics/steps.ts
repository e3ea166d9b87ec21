/** A series of levels with steps between them, compared with one line through it. */
import { at } from './at.ts';
import { incompleteBeta } from './beta.ts';
import { requireFinite } from './finite.ts';

export interface Steps {
  /** The first value of each level except the first, in ascending order. */
  readonly indices: readonly number[];
  /** The squares of the residuals. */
  readonly residual: number;
  /**
   * For the hypothesis of one level: the F test, times the number of possible positions of this many steps; 1
   * without a step.
   */
  readonly p: number;
}

/**
 * The levels between given change points. Each change point is moved to where, between its neighbours, the
 * sum of squares is smallest: the most likely position for normal noise (Hinkley, Biometrika 57(1), 1970).
 * The p value allows for the choice of positions by Bonferroni's bound (as Worsley, JASA 74, 1979, for one
 * step). Throws RangeError for non-finite values.
 */
export function stepsOf(values: ArrayLike<number>, found: readonly number[]): Steps {
  const series = requireFinite(values, 'a search for steps');
  const n = series.length;
  const sums = new Float64Array(n + 1);
  let centre = 0;
  for (const value of series) centre += value / n;
  // From the centre, so that the sums keep their digits.
  for (let i = 0; i < n; i++) sums[i + 1] = at(sums, i) + at(series, i) - centre;
  const explained = (from: number, to: number) => (at(sums, to) - at(sums, from)) ** 2 / (to - from);
  const indices = found.toSorted((a, b) => a - b);
  for (const [i, index] of indices.entries()) {
    const [from, to] = [indices[i - 1] ?? 0, indices[i + 1] ?? n];
    let best = index;
    for (let place = from + 1; place < to; place++)
      if (explained(from, place) + explained(place, to) > explained(from, best) + explained(best, to))
        best = place;
    indices[i] = best;
  }
  let whole = 0;
  for (const value of series) whole += (value - centre) ** 2;
  const ends = [0, ...indices, n];
  const between = indices.concat(n).reduce((sum, to, i) => sum + explained(ends[i] ?? 0, to), 0);
  const residual = Math.max(0, whole - between);
  return { indices, residual, p: stepsP(n, indices.length, whole, residual) };
}

function stepsP(n: number, steps: number, whole: number, residual: number): number {
  const degrees = n - steps - 1;
  if (steps === 0 || degrees < 1 || whole === 0) return 1;
  // P(F > f) with f = ((whole - residual) / steps) / (residual / degrees).
  const tail = incompleteBeta(residual / whole, degrees / 2, steps / 2);
  let places = 1;
  for (let i = 0; i < steps; i++) places *= (n - 1 - i) / (i + 1);
  return Math.min(1, places * tail);
}

/**
 * Schwarz's criterion of a least-squares fit, up to a constant: the lower, the better the model given its
 * number of parameters (Schwarz, Annals of Statistics 6(2), 1978). A fit without residuals has -Infinity.
 */
export function bic(n: number, residual: number, parameters: number): number {
  return n * Math.log(residual / n) + parameters * Math.log(n);
}
