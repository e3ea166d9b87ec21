/** The reported interval of a mean, and the two of which it takes the outer ends. */
import { type Dependence, dependenceOf } from './dependence.ts';
import { type Interval, type Summary, summarise, tInterval } from './interval.ts';
import type { Seed } from './prng.ts';
import { studentisedIntervals } from './studentised.ts';

export interface MeanInterval {
  /** Treating the values as independent; both ends null below two values, those of the second below four. */
  readonly t: Interval;
  readonly studentised: Interval;
  /** The outer ends of both, for the equivalent number of independent values. */
  readonly reported: Interval;
}

export interface MeanIntervals {
  /** The values, treated as independent. */
  readonly own: Summary;
  /** Present if consecutive values are correlated. */
  readonly dependence: Dependence | undefined;
  /** One for each confidence. */
  readonly intervals: readonly MeanInterval[];
}

/** All in the values' unit. Throws RangeError for no or non-finite values, and for confidences outside (0, 1). */
export function meanIntervals(
  values: Float64Array,
  confidences: readonly number[],
  options: { readonly seed: Seed; readonly resamples?: number | undefined },
): MeanIntervals {
  const own = summarise(values);
  const dependence = dependenceOf(values, options.seed);
  const drawn = studentisedIntervals(values, confidences, options);
  const intervals = drawn.map((studentised, i) => {
    const confidence = confidences[i] ?? NaN;
    const t = tInterval(own, confidence);
    if (dependence === undefined) return { t, studentised, reported: further(t, studentised) };
    const wide = tInterval(dependence.effective, confidence);
    return {
      t,
      studentised,
      reported: further(wide, stretched(studentised, own.mean, width(wide) / width(t))),
    };
  });
  return { own, dependence, intervals };
}

/** The outer ends of both, if both intervals have any. */
export function further(one: Interval, other: Interval): Interval {
  if (one.low === null || one.high === null || other.low === null || other.high === null) return one;
  return { low: Math.min(one.low, other.low), high: Math.max(one.high, other.high) };
}

/** Both ends moved away from the mean by a factor. */
function stretched({ low, high }: Interval, mean: number, times: number): Interval {
  const moved = (end: number | null) => (end === null ? null : mean + times * (end - mean));
  return { low: moved(low), high: moved(high) };
}

const width = ({ low, high }: Interval) => (low === null || high === null ? NaN : high - low);
