/**
 * Seeded random numbers: every shuffle and every resample of a run depends on its one seed, so that the same
 * input gives the same bytes.
 *
 * xoshiro128** (Blackman & Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021),
 * with its state filled by SplitMix64 as its authors recommend, from the FNV-1a hash of the seed's text.
 */
import { fnv1a64, splitMix64 } from './hash.ts';

/** `42` and `'42'` are the same seed: one comes from a file, the other from a command line. */
export type Seed = number | string;

export interface Random {
  /** 32 random bits, as an integer in [0, 2^32). */
  uint32(): number;
  /** A double in [0, 1) with 53 random bits. */
  next(): number;
  /** An unbiased integer in [0, n). Throws RangeError unless n is an integer in [1, 2^32]. */
  integer(n: number): number;
  /** The same items in a random order, as a new array; each order is equally likely (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

/** A stream of random numbers determined by the seed. Throws RangeError for NaN or infinity. */
export function seeded(seed: Seed): Random {
  if (typeof seed === 'number' && !Number.isFinite(seed)) {
    throw new RangeError(`a seed must be a finite number or a text, found ${seed}`);
  }
  const [first, second] = splitMix64(fnv1a64(String(seed)));
  return random(xoshiro128([low32(first), high32(first), low32(second), high32(second)]));
}

/**
 * The seed of a sub-stream, e.g. `derive(42, 'block', 3)` is `'42/block/3'`. Streams of different names are
 * independent, so drawing more from one changes nothing in another; and it nests: deriving `'a'` and then
 * `'b'` is deriving `'a', 'b'`.
 */
export function derive(seed: Seed, ...names: readonly Seed[]): string {
  const escape = (name: Seed) => String(name).replaceAll('%', '%25').replaceAll('/', '%2F');
  return [String(seed), ...names.map(escape)].join('/');
}

/** The bare generator: each call gives the next 32 bits. The state is four 32-bit words, not all zero. */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  return () => {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
}

function random(uint32: () => number): Random {
  const integer = (n: number) => (n <= 2 ** 21 ? smallInteger(uint32, n) : largeInteger(uint32, n));
  return {
    uint32,
    next: () => ((uint32() >>> 5) * 2 ** 26 + (uint32() >>> 6)) / 2 ** 53,
    integer,
    shuffle<T>(items: readonly T[]): T[] {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = integer(last + 1);
        const chosen = shuffled.slice(other, other + 1); // a list of one: an item may itself be undefined
        shuffled.splice(other, 1, ...shuffled.splice(last, 1, ...chosen));
      }
      return shuffled;
    },
  };
}

/**
 * Multiply and reject (Lemire, "Fast random integer generation in an interval", 2019): no division on the
 * usual path, as the bootstrap's inner loop needs. The product of 32 and 21 bits is exact.
 */
function smallInteger(uint32: () => number, n: number): number {
  validRange(n);
  let product = uint32() * n;
  let high = Math.floor(product / 2 ** 32);
  if (product - high * 2 ** 32 < n) {
    const biased = 2 ** 32 % n;
    while (product - high * 2 ** 32 < biased) {
      product = uint32() * n;
      high = Math.floor(product / 2 ** 32);
    }
  }
  return high;
}

function largeInteger(uint32: () => number, n: number): number {
  validRange(n);
  const even = 2 ** 32 - (2 ** 32 % n);
  let draw = uint32();
  while (draw >= even) draw = uint32();
  return draw % n;
}

function validRange(n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
    throw new RangeError(`a random integer needs a range of 1 to 2^32 values, found ${n}`);
  }
}

const low32 = (word: bigint) => Number(word & 0xffffffffn);
const high32 = (word: bigint) => Number(word >> 32n);
