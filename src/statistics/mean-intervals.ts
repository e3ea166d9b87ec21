/** The interval of a mean as it is reported, and the two that it has the further ends of. */
import { type Dependence, dependenceOf } from './dependence.ts';
import { type Interval, type Summary, summarise, tInterval } from './interval.ts';
import type { Seed } from './prng.ts';
import { studentisedIntervals } from './studentised.ts';

export interface MeanInterval {
  /** As if the values were independent; both ends null below two values, of the second below four. */
  readonly t: Interval;
  readonly studentised: Interval;
  /** The further ends of both, of as many independent values as these are worth. */
  readonly reported: Interval;
}

export interface MeanIntervals {
  /** The values, as if they were independent. */
  readonly own: Summary;
  /** Where values that follow each other are alike. */
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

/** The further of both ends, where both intervals have some. */
export function further(one: Interval, other: Interval): Interval {
  if (one.low === null || one.high === null || other.low === null || other.high === null) return one;
  return { low: Math.min(one.low, other.low), high: Math.max(one.high, other.high) };
}

/** Both ends as many times as far from the mean. */
function stretched({ low, high }: Interval, mean: number, times: number): Interval {
  const moved = (end: number | null) => (end === null ? null : mean + times * (end - mean));
  return { low: moved(low), high: moved(high) };
}

const width = ({ low, high }: Interval) => (low === null || high === null ? NaN : high - low);
