/** The two published functions that turn a seed's text into a generator's state. Neither is cryptographic. */

/** The 64-bit FNV-1a hash of the text's UTF-8 bytes (Fowler, Noll & Vo; RFC 9923). */
export function fnv1a64(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}

/** The first two outputs of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014) from a 64-bit state. */
export function splitMix64(state: bigint): [bigint, bigint] {
  const step = 0x9e3779b97f4a7c15n;
  return [mix(state + step), mix(state + 2n * step)];
}

function mix(state: bigint): bigint {
  let z = BigInt.asUintN(64, state);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}
