/** The bootstrap of one flat sample, for a statistic without an interval of its own. */
import { at } from './at.ts';
import { bcaInterval } from './bca.ts';
import { requireFinite } from './finite.ts';
import type { Interval } from './interval.ts';
import { seeded, type Random, type Seed } from './prng.ts';

export interface BootstrapOptions {
  readonly seed: Seed;
  /** Default 10,000. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

export interface BootstrapResult extends Interval {
  readonly estimate: number;
}

/**
 * The statistic of independent values, with its BCa interval (see bca.ts) from seeded resamples with
 * replacement. The statistic gets a typed array that is reused for the next resample. The ends are null for a
 * single value; throws RangeError for none, for non-finite ones, and if the statistic of a resample isn't
 * finite.
 */
export function bootstrap(
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => number,
  { seed, resamples = 10_000, confidence = 0.95 }: BootstrapOptions,
): BootstrapResult {
  const sample = requireFinite(values, 'a bootstrap');
  const estimate = statistic(sample.slice());
  if (sample.length < 2) return { estimate, low: null, high: null };
  const replicates = replicate(sample, statistic, seeded(seed), resamples);
  return {
    estimate,
    ...bcaInterval({ estimate, replicates, jackknife: jackknife(sample, statistic), confidence }),
  };
}

function replicate(
  sample: Float64Array,
  statistic: (sample: Float64Array) => number,
  random: Random,
  resamples: number,
): Float64Array {
  const drawn = new Float64Array(sample.length);
  return new Float64Array(resamples).map(() => {
    for (let i = 0; i < drawn.length; i++) drawn[i] = at(sample, random.integer(sample.length));
    return statistic(drawn);
  });
}

/** The statistic of all values but one, for each in turn. */
function jackknife(sample: Float64Array, statistic: (sample: Float64Array) => number): Float64Array {
  const others = new Float64Array(sample.length - 1);
  return sample.map((_, left) => {
    others.set(sample.subarray(0, left));
    others.set(sample.subarray(left + 1), left);
    return statistic(others);
  });
}
