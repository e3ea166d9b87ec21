/** Series whose values depend on those before them. */
import { type Random, type Seed, seeded } from '../../src/statistics/prng.ts';
import { draws, standardNormal } from './draws.ts';

/** An AR(1) series of n values, with a mean of 0 and a variance of 1. */
export function autoregressive(n: number, correlation: number, seed: Seed): Float64Array {
  const random = seeded(seed);
  let state = standardNormal(random);
  return draws(
    n,
    () => (state = correlation * state + Math.sqrt(1 - correlation ** 2) * standardNormal(random)),
  );
}

export interface TwoStates {
  /** In logs; 0 in the usual state. */
  values: Float64Array;
  /** Whether the state changed at all. */
  switched: boolean;
}

/** A mode that begins in its usual state, stays as it is with 0.9 in each block, and takes 15% longer in the other state. */
export function twoStates(n: number, seed: Seed, sd = 0.02): TwoStates {
  const random = seeded(seed);
  let [slow, switched] = [false, false];
  const values = draws(n, () => {
    const value = (slow ? Math.log(1.15) : 0) + sd * standardNormal(random);
    if (random.next() < 0.1) slow = !slow;
    switched ||= slow;
    return value;
  });
  return { values, switched };
}

/** A mode that has always wandered so: it may begin in either state. In logs of its time. */
export function wanderingBlocks(n: number, random: Random, sd = 0.02): Float64Array {
  let slow = random.next() < 0.5;
  return draws(n, () => {
    const value = (slow ? Math.log(1.15) : 0) + sd * standardNormal(random);
    if (random.next() < 0.1) slow = !slow;
    return value;
  });
}
