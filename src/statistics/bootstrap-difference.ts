/** The difference of two independent runs, each with its own boots, by the hierarchical bootstrap. */
import { at } from './at.ts';
import { bcaInterval } from './bca.ts';
import { type ResampleOptions, resampleUnits } from './hierarchy.ts';
import type { Interval } from './interval.ts';
import { mean } from './moments.ts';
import { type Unit, unitValue } from './pairs.ts';
import { derive } from './prng.ts';

/**
 * The BCa interval of the first run's mean minus the second's, in the units' logs. The runs share nothing, so
 * each is resampled from its own stream, boots, then blocks, then samples (hierarchy.ts); leaving out each
 * unit of either run in turn gives the acceleration (Davison & Hinkley, "Bootstrap Methods and their
 * Application", 1997, section 5.4.2). Both ends are null if a run has fewer than two units.
 */
export function bootstrapDifference(
  first: readonly Unit[],
  second: readonly Unit[],
  options: ResampleOptions & { readonly confidence: number },
): Interval {
  if (first.length < 2 || second.length < 2) return { low: null, high: null };
  const [a, b] = [first.map(unitValue), second.map(unitValue)];
  const estimate = mean(a) - mean(b);
  const resampled = (units: readonly Unit[], run: number) =>
    resampleUnits(units, { ...options, seed: derive(options.seed, run) });
  const [of, less] = [resampled(first, 0), resampled(second, 1)];
  const without = (values: readonly number[], left: number) =>
    mean(values.filter((_, index) => index !== left));
  return bcaInterval({
    estimate,
    replicates: of.map((value, i) => value - at(less, i)),
    jackknife: [
      ...a.map((_, left) => without(a, left) - mean(b)),
      ...b.map((_, left) => mean(a) - without(b, left)),
    ],
    confidence: options.confidence,
  });
}
