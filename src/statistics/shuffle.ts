/** A random order of numbers in a typed array, for permutation tests: allocates no list. */
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
 * Blocks of this many values in a random order, with the order within a block unchanged, so that correlation
 * between neighbours remains (the block permutation of a dependent series: Davison & Hinkley, "Bootstrap
 * Methods and their Application", 1997, section 8.2). The first block ends at a random position, and the last
 * has what is left.
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
