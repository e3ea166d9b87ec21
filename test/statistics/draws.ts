/** Random variates for the simulations. */
import { normalQuantile } from '../../src/statistics/normal.ts';
import type { Random } from '../../src/statistics/prng.ts';

export const standardNormal = (random: Random) => normalQuantile((random.uint32() + 0.5) / 2 ** 32);

/** Student's t with three degrees of freedom: a finite variance, and no finite moment beyond. */
export function heavyTailed(random: Random): number {
  const squares = [1, 2, 3].map(() => standardNormal(random) ** 2);
  return standardNormal(random) / Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / 3);
}

/** `n` draws. */
export const draws = (n: number, draw: () => number) => Float64Array.from({ length: n }, draw);
