/** A random order of numbers in a typed array, for tests that permute: no list is made. */
import { at } from './at.ts';
import type { Random } from './prng.ts';

/** Each order is equally likely (Fisher-Yates). */
export function shuffleInPlace(values: Float64Array, random: Random): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const held = at(values, last);
    values[last] = at(values, other);
    values[other] = held;
  }
}
