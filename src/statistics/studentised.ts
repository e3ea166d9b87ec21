/**
 * The studentised bootstrap interval of a mean, which follows the skewness of the values, unlike Student's t.
 */
import { at, missing } from './at.ts';
import { requireFinite, requireShare } from './finite.ts';
import { type Interval, summarise } from './interval.ts';
import type { Seed } from './prng.ts';
import { selectQuantile } from './select.ts';
import { keptDraws, unitDraws } from './unit-draws.ts';

/**
 * The minimum of a resample's standard deviation, as a share of the values' own. A resample of ties has none,
 * and its t would be infinite: if nine of ten values are equal, every third resample is like that. So the
 * interval stays finite, and extends at most ten times as far as a resample's mean can deviate.
 */
const LEAST_SPREAD = 0.1;

const FEWEST = 4;

/**
 * Intervals of the mean of independent values, in their unit, one for each confidence: from the quantiles of
 * t* = (mean* - mean) / (sd* / sqrt(n)) over seeded resamples with replacement (the bootstrap-t: Efron 1982;
 * Hall, "Theoretical comparison of bootstrap confidence intervals", Annals of Statistics 16(3), 1988). The sd
 * of a resample has a closed form, so there is no inner bootstrap: a resample costs n additions. Both ends
 * are null below four values, where one resample in nine consists of a single value; equal values give
 * intervals of zero width. Throws RangeError for no or non-finite values.
 */
export function studentisedIntervals(
  values: ArrayLike<number>,
  confidences: readonly number[],
  { seed, resamples = 10_000 }: { readonly seed: Seed; readonly resamples?: number | undefined },
): Interval[] {
  const sample = requireFinite(values, 'a studentised bootstrap');
  for (const confidence of confidences) requireShare(confidence, 'a confidence');
  const { mean, sd, n } = summarise(sample);
  if (n < FEWEST) return confidences.map(() => ({ low: null, high: null }));
  const drawn = keptDraws(seed, n, resamples) ?? drawnApart(seed, n, resamples);
  const found = replicates(sample, mean, sd, drawn, resamples);
  const error = sd / Math.sqrt(n);
  return confidences.map((confidence) => {
    const tail = (1 - confidence) / 2;
    return {
      low: mean - error * selectQuantile(found, 1 - tail),
      high: mean - error * selectQuantile(found, tail),
    };
  });
}

/** Of very many units: 4 bytes for each draw. */
function drawnApart(seed: Seed, n: number, resamples: number): Uint32Array {
  const draw = unitDraws(seed, n, resamples);
  return Uint32Array.from({ length: n * resamples }, draw);
}

function replicates(
  sample: Float64Array,
  mean: number,
  sd: number,
  drawn: ArrayLike<number>,
  resamples: number,
): Float64Array {
  const n = sample.length;
  if (sd === 0) return new Float64Array(resamples);
  // In standard deviations from the mean, so that squares keep their digits.
  const deviations = sample.map((value) => (value - mean) / sd);
  const found = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    let sum = 0;
    let squares = 0;
    for (let j = i * n; j < (i + 1) * n; j++) {
      const deviation = at(deviations, drawn[j] ?? missing(j, drawn.length));
      sum += deviation;
      squares += deviation * deviation;
    }
    const variance = Math.max((squares - (sum * sum) / n) / (n - 1), LEAST_SPREAD ** 2);
    found[i] = sum / Math.sqrt(n * variance);
  }
  return found;
}
