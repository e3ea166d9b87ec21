/** Which units a resample draws: the same for all that resample as many units from one seed. */
import { missing } from './at.ts';
import { derive, seeded, type Seed } from './prng.ts';

/** The most draws that are kept from one comparison to the next: 8 MiB of them. */
const KEPT = 2 ** 22;
let kept: { key: string; drawn: Uint16Array } | undefined;

/**
 * Which unit is drawn next, from `n`, for as many resamples of n units each. The cells of a run draw the same units, so
 * what was drawn for the one before is kept: that takes two thirds off the time of a run of many cells.
 */
export function unitDraws(seed: Seed, n: number, resamples: number): () => number {
  const drawn = keptDraws(seed, n, resamples);
  let next = 0;
  if (drawn !== undefined) return () => drawn[next++] ?? missing(next - 1, drawn.length);
  const random = seeded(derive(seed, 'units'));
  return () => random.integer(n);
}

/** The same, one after the other; undefined where they are too many to be kept. For loops that a call would slow down. */
export function keptDraws(seed: Seed, n: number, resamples: number): Uint16Array | undefined {
  if (n * resamples > KEPT || n > 2 ** 16) return undefined;
  const own = derive(seed, 'units');
  const key = `${own} ${n} ${resamples}`;
  if (kept?.key !== key) {
    const random = seeded(own);
    const drawn = new Uint16Array(n * resamples);
    for (let i = 0; i < drawn.length; i++) drawn[i] = random.integer(n);
    kept = { key, drawn };
  }
  return kept.drawn;
}
