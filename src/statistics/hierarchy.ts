/** The hierarchical bootstrap of a log ratio: boots, their blocks, and the samples of each trial. */
import { at, itemAt, missing } from './at.ts';
import { normalQuantile } from './normal.ts';
import type { Unit } from './pairs.ts';
import { derive, seeded, type Random, type Seed } from './prng.ts';
import { keptDraws, unitDraws } from './unit-draws.ts';

export interface ResampleOptions {
  readonly seed: Seed;
  /** The number of replicates; default 10,000. */
  readonly resamples?: number;
  /**
   * Names what is compared. Comparisons with the same seed, whatever their names, draw the same units, as
   * their shared blocks require; only the samples are drawn separately.
   */
  readonly cell?: string;
}

/**
 * Replicates of the mean log ratio over the units. Every level is drawn with replacement (Davison & Hinkley,
 * "Bootstrap Methods and their Application", 1997, section 3.8; Kalibera & Jones, ISMM 2013): units, then the
 * blocks of each, then the samples of each trial.
 *
 * The last level is drawn from its sampling distribution rather than one by one. Given the blocks drawn, the
 * samples' contribution to a replicate is a mean of independent draws from known values, so its expectation
 * and variance are known exactly (pairs.ts), and by the central limit theorem it is normal up to a skewness
 * that shrinks with the root of *all* samples of the comparison: 200 in ten blocks of ten. So the cost of a
 * replicate depends on its blocks, not on the number of samples. A test compares it with brute force.
 *
 * Drawing below the top level counts the samples' own noise twice, once in the spread of the blocks that
 * contain it (Davison & Hinkley; Ren et al., Journal of Applied Statistics 37(9), 2010): if that noise is all
 * there is, the replicates spread up to 1.4 times too wide. This is conservative, and offsets the opposite
 * error of drawing few units.
 */
export function resampleUnits(
  units: readonly Unit[],
  { seed, resamples = 10_000, cell = '' }: ResampleOptions,
): Float64Array {
  if (!Number.isInteger(resamples) || resamples < 2) {
    throw new RangeError(`the number of resamples must be an integer of 2 or more, found ${resamples}`);
  }
  const noise = seeded(derive(seed, 'samples', cell));
  const single = units.every((unit) => unit.every(({ sampleVariance }) => sampleVariance === 0));
  const flat = units.every((unit) => unit.length === 1);
  const kept = flat ? keptDraws(seed, units.length, resamples) : undefined;
  if (kept !== undefined) return flatReplicates(units, kept, resamples, single ? undefined : noise);
  const draw = flat
    ? flatDraw(units, unitDraws(seed, units.length, resamples))
    : nestedDraw(units, seeded(derive(seed, 'units')));
  const replicates = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    const { sum, variance } = draw();
    const samples = single ? 0 : Math.sqrt(variance) * standardNormal(noise);
    replicates[i] = (sum + samples) / units.length;
  }
  return replicates;
}

interface Draw {
  sum: number;
  variance: number;
}

/** Units of one block each, as typed arrays: the usual case, and the one that must be fast. */
function flatDraw(units: readonly Unit[], choice: () => number): () => Draw {
  const values = Float64Array.from(units, ([block]) => block?.value ?? NaN);
  const variances = Float64Array.from(units, ([block]) => block?.sampleVariance ?? NaN);
  const drawn: Draw = { sum: 0, variance: 0 };
  return () => {
    drawn.sum = 0;
    drawn.variance = 0;
    for (let i = 0; i < values.length; i++) {
      const chosen = choice();
      drawn.sum += at(values, chosen);
      drawn.variance += at(variances, chosen);
    }
    return drawn;
  };
}

/** The same in one loop, from stored draws: a call for each replicate would double the cost. */
function flatReplicates(
  units: readonly Unit[],
  drawn: Uint16Array,
  resamples: number,
  noise: Random | undefined,
): Float64Array {
  const n = units.length;
  const values = Float64Array.from(units, ([block]) => block?.value ?? NaN);
  const variances = Float64Array.from(units, ([block]) => block?.sampleVariance ?? NaN);
  const replicates = sumsOf(values, drawn, resamples);
  if (noise === undefined) return replicates.map((sum) => sum / n);
  const noises = sumsOf(variances, drawn, resamples);
  return replicates.map((sum, i) => (sum + Math.sqrt(at(noises, i)) * standardNormal(noise)) / n);
}

function sumsOf(values: Float64Array, drawn: Uint16Array, resamples: number): Float64Array {
  const n = values.length;
  const sums = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    let sum = 0;
    for (let j = i * n; j < (i + 1) * n; j++) sum += at(values, drawn[j] ?? missing(j, drawn.length));
    sums[i] = sum;
  }
  return sums;
}

function nestedDraw(units: readonly Unit[], random: Random): () => Draw {
  const inner = units.map((unit) => ({
    blocks: unit.length,
    draw: flatDraw(
      unit.map((block) => [block]),
      () => random.integer(unit.length),
    ),
  }));
  return () => {
    const drawn: Draw = { sum: 0, variance: 0 };
    for (let i = 0; i < units.length; i++) {
      const { blocks, draw } = itemAt(inner, random.integer(units.length));
      const { sum, variance } = draw();
      drawn.sum += sum / blocks;
      drawn.variance += variance / blocks ** 2;
    }
    return drawn;
  };
}

const standardNormal = (random: Random) => normalQuantile((random.uint32() + 0.5) / 2 ** 32);
