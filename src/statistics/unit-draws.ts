/** The units that a resample draws: the same for all that resample an equal number of units from one seed. */
import { missing } from './at.ts';
import { derive, seeded, type Seed } from './prng.ts';

/** The maximum number of draws kept from one comparison to the next: 8 MiB. */
const KEPT = 2 ** 22;
let kept: { key: string; drawn: Uint16Array } | undefined;

/**
 * The next unit drawn, from `n`, for this many resamples of n units each. The cells of a run draw the same
 * units, so the previous draws are kept: that saves two thirds of the time for a run of many cells.
 */
export function unitDraws(seed: Seed, n: number, resamples: number): () => number {
  const drawn = keptDraws(seed, n, resamples);
  let next = 0;
  if (drawn !== undefined) return () => drawn[next++] ?? missing(next - 1, drawn.length);
  const random = seeded(derive(seed, 'units'));
  return () => random.integer(n);
}

/**
 * The same, one after the other; undefined if there are too many to keep. For loops that a call would slow
 * down.
 */
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
