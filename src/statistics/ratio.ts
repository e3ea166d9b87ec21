/** How a mode compares with the baseline: the ratio of their figures, and its uncertainty. */
import { bcaInterval } from './bca.ts';
import type { Dependence } from './dependence.ts';
import { disagreementOf, type RatioMethods } from './disagreement.ts';
import { resampleUnits, type ResampleOptions } from './hierarchy.ts';
import { hodgesLehmann } from './hodges-lehmann.ts';
import type { Interval, Summary } from './interval.ts';
import { type MeanInterval, further, meanIntervals } from './mean-intervals.ts';
import { unitsOf, unitValue, type Pair } from './pairs.ts';

export interface RatioOptions extends ResampleOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /**
   * How far off the log ratio may be however often it is measured, for instance because of a clock's tick;
   * default 0. No interval is narrower: like a resolution larger than the scatter of readings, it does not
   * average out (JCGM 100:2008, F.2.2.1).
   */
  readonly openness?: number;
}

export interface Ratio extends Interval {
  /** exp of the mean log ratio: 0.9 means that the mode's figure is nine tenths of the baseline's. */
  readonly ratio: number;
  readonly confidence: number;
  /**
   * The interval that a verdict may be based on: `low` and `high` from ten units on, and a wider one below.
   */
  readonly decisive: Interval & { readonly confidence: number };
  /** The independent units of the interval: boots if there are several, else blocks. */
  readonly n: number;
  readonly methods: RatioMethods;
  /** How the methods disagree, if they do: a reason to look at individual blocks. */
  readonly disagreement?: string;
  /**
   * Present if consecutive units are correlated: `low`, `high` and `decisive` then use the equivalent number.
   */
  readonly dependence?: Dependence;
  /** The units' log ratios, or the equivalent independent ones: the input of a t interval or test. */
  readonly logs: Summary;
  /** The smallest and the largest of the units' ratios. */
  readonly range: { readonly low: number; readonly high: number };
}

/**
 * The ratio of a mode to the baseline from trials paired by block, in logs (Kalibera & Jones, ISMM 2013;
 * Fleming & Wallace, CACM 29(3), 1986, on why the mean of ratios is geometric). It does not depend on which
 * direction is better.
 *
 * `low` and `high` are the outer ends of two intervals: t of the logs, and the studentised bootstrap's. If
 * one arm's trials are skewed, as latencies are, t covers 84% at five blocks and 90% at twenty, and always
 * misses on the same side; the studentised bootstrap follows skewness, but falls short if both arms are
 * skewed or bimodal. The outer ends cover the truth in 93 to 98% at ten blocks and twenty, on normal,
 * log-normal, bimodal, heavy-tailed, drifting, autocorrelated and skewed data (docs/error-rates.md), at 1.06
 * times the width of t on normal data. BCa and Hodges-Lehmann are given as a check.
 *
 * If consecutive units are correlated, for instance because a machine stays in a state for several blocks,
 * all of this would be far too narrow: the ends are then those for the equivalent number of independent units
 * (dependence.ts).
 *
 * Below ten units even the outer ends are too narrow: with few blocks of a skewed arm, all of them may lie on
 * the side where most of the distribution is. `decisive` is what a verdict may be based on: below ten units,
 * the same at a fifth of the error.
 *
 * No interval of n blocks can account for a state that none of them was in: one that occurs in a share p of
 * the blocks stays unseen with probability (1 - p)^n, which at ten blocks is 5% for p = 0.26. A state that
 * rare, in one arm only, reduces the coverage at ten blocks to some 82 to 90%.
 *
 * Below two units every end is null. Throws RangeError for no pairs and for values that are not finite and
 * above zero. Deterministic in its arguments.
 */
export function ratio(pairs: readonly Pair[], options: RatioOptions): Ratio {
  const units = unitsOf(pairs);
  const values = Float64Array.from(units, unitValue);
  const replicates = values.length < 2 ? undefined : resampleUnits(units, options);
  return ratioOf(values, replicates, options);
}

/** Fewer units than this don't show their skewness. */
const SHOWING_SKEW = 10;
/** The factor by which the error of a verdict's interval is reduced below that. */
const CAUTION = 5;

/** The confidence of the interval for a verdict on this many units, if `confidence` was requested. */
export function decisiveConfidence(confidence: number, units: number): number {
  return units < SHOWING_SKEW ? 1 - (1 - confidence) / CAUTION : confidence;
}

/** The same from the units' log ratios and the replicates of their mean, from any source. */
export function ratioOf(
  values: Float64Array,
  replicates: Float64Array | undefined,
  options: Pick<RatioOptions, 'seed' | 'resamples' | 'confidence' | 'openness'>,
): Ratio {
  const { confidence = 0.95, openness = 0 } = options;
  const cautious = decisiveConfidence(confidence, values.length);
  const { own, dependence, intervals } = meanIntervals(values, [confidence, cautious], options);
  const [asked = NONE, decisive = NONE] = intervals;
  const open = (interval: Interval) => notWithin(interval, own.mean, openness);
  const shift = hodgesLehmann(values, confidence);
  const methods = {
    t: exponential(asked.t),
    studentised: exponential(asked.studentised),
    bootstrap: exponential(bootstrapInterval(values, own.mean, replicates, confidence)),
    hodgesLehmann: { estimate: Math.exp(shift.estimate), ...exponential(shift) },
  };
  const disagreement = disagreementOf(methods);
  return {
    ratio: Math.exp(own.mean),
    ...exponential(open(asked.reported)),
    confidence,
    decisive: { ...exponential(open(decisive.reported)), confidence: cautious },
    n: values.length,
    methods,
    ...(disagreement === undefined ? {} : { disagreement }),
    ...(dependence === undefined ? {} : { dependence }),
    logs: dependence?.effective ?? own,
    range: { low: Math.exp(Math.min(...values)), high: Math.exp(Math.max(...values)) },
  };
}

const UNKNOWN: Interval = { low: null, high: null };
const NONE: MeanInterval = { t: UNKNOWN, studentised: UNKNOWN, reported: UNKNOWN };

/** The interval, widened so that no end is nearer to the estimate than `openness`. */
export function notWithin(interval: Interval, estimate: number, openness: number): Interval {
  return further(interval, { low: estimate - openness, high: estimate + openness });
}

function bootstrapInterval(
  values: Float64Array,
  estimate: number,
  replicates: Float64Array | undefined,
  confidence: number,
): Interval {
  if (replicates === undefined) return UNKNOWN;
  const n = values.length;
  const jackknife = values.map((value) => (n * estimate - value) / (n - 1));
  return bcaInterval({ estimate, replicates, jackknife, confidence });
}

function exponential({ low, high }: Interval): Interval {
  return { low: low === null ? null : Math.exp(low), high: high === null ? null : Math.exp(high) };
}
