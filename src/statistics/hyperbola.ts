/** Fixed cost against work: what is paid once a crossing weighs less the more is done between crossings. */
import { requirePositive } from './finite.ts';

export interface Hyperbola {
  /** What y comes to for large x. */
  readonly limit: number;
  /** The fixed cost, in x's unit: y is `limit` + `cost` / x. */
  readonly cost: number;
}

/**
 * The least-squares fit of y = limit + cost / x, which is a straight line in 1/x (Hockney & Jesshope, "Parallel
 * Computers 2", 1988, section 1.3.2, whose n_1/2 is cost / limit). Undefined for fewer than three different x.
 * Throws RangeError for x that are not above zero.
 */
export function fitHyperbola(points: readonly { x: number; y: number }[]): Hyperbola | undefined {
  const inverse = points.map(({ x }) => 1 / x);
  if (new Set(inverse).size < 3) return undefined;
  requirePositive(inverse, 'a fit over 1/x');
  const centre = inverse.reduce((sum, u) => sum + u, 0) / points.length;
  const level = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  let [across, along] = [0, 0];
  points.forEach(({ y }, i) => {
    const u = (inverse[i] as number) - centre;
    across += u * u;
    along += u * (y - level);
  });
  const cost = along / across;
  return { limit: level - cost * centre, cost };
}
