/** Fixed cost versus work: a fixed cost per crossing weighs less the more is done between crossings. */
import { requirePositive } from './finite.ts';

export interface Hyperbola {
  /** The value of y for large x. */
  readonly limit: number;
  /** The fixed cost, in x's unit: y is `limit` + `cost` / x. */
  readonly cost: number;
}

/**
 * The least-squares fit of y = limit + cost / x, which is a straight line in 1/x (Hockney & Jesshope,
 * "Parallel Computers 2", 1988, section 1.3.2, whose n_1/2 is cost / limit). Weights are 1/y², so that
 * relative errors are minimised: benchmark figures scatter in proportion to their size (Carroll & Ruppert,
 * "Transformation and Weighting in Regression", 1988, section 2.1). Undefined for fewer than three different
 * x. Throws RangeError for x or y that are not finite and above zero.
 */
export function fitHyperbola(points: readonly { x: number; y: number }[]): Hyperbola | undefined {
  requirePositive(
    points.flatMap(({ x, y }) => [x, y]),
    'a fit over 1/x',
  );
  if (new Set(points.map(({ x }) => x)).size < 3) return undefined;
  const lines = points.map(({ x, y }) => ({ u: 1 / x, y, weight: 1 / y ** 2 }));
  const total = lines.reduce((sum, { weight }) => sum + weight, 0);
  const centre = lines.reduce((sum, { u, weight }) => sum + weight * u, 0) / total;
  const level = lines.reduce((sum, { y, weight }) => sum + weight * y, 0) / total;
  let [across, along] = [0, 0];
  for (const { u, y, weight } of lines) {
    across += weight * (u - centre) ** 2;
    along += weight * (u - centre) * (y - level);
  }
  const cost = along / across;
  return { limit: level - cost * centre, cost };
}
