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

/**
 * Blocks of so many values in a random order, their values in the order that they had, so that what values have in common
 * with those beside them stays (the block permutation of a dependent series: Davison & Hinkley, "Bootstrap Methods and
 * their Application", 1997, section 8.2). The first block ends anywhere, and the last has what is left.
 */
export function shuffledBlocks(values: Float64Array, length: number, random: Random): Float64Array {
  const starts = [0];
  for (let next = 1 + random.integer(length); next < values.length; next += length) starts.push(next);
  const blocks = starts.map((start, i) => values.subarray(start, starts[i + 1] ?? values.length));
  const shuffled = new Float64Array(values.length);
  let filled = 0;
  for (const block of random.shuffle(blocks)) {
    shuffled.set(block, filled);
    filled += block.length;
  }
  return shuffled;
}
