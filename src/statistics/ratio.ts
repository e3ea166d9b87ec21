/** How a mode compares with the baseline: the ratio of their figures, and how surely it is known. */
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
   * How far the log ratio may be off however often it is measured, as by the tick of a clock; default 0. No interval is
   * narrower: like a resolution that is larger than the scatter of readings, it is not averaged out (JCGM 100:2008, F.2.2.1).
   */
  readonly openness?: number;
}

export interface Ratio extends Interval {
  /** exp of the mean log ratio: 0.9 says that the mode's figure is nine tenths of the baseline's. */
  readonly ratio: number;
  readonly confidence: number;
  /** The interval that a verdict may rest on: `low` and `high` from ten units on, and a wider one below. */
  readonly decisive: Interval & { readonly confidence: number };
  /** The independent units the interval rests on: boots where there are several, else blocks. */
  readonly n: number;
  readonly methods: RatioMethods;
  /** Where the methods don't tell the same tale, how so: a reason to look at the blocks one by one. */
  readonly disagreement?: string;
  /** Where units that follow each other are alike: `low`, `high` and `decisive` then count what they are worth. */
  readonly dependence?: Dependence;
  /** The units' log ratios, or what they are worth: as a t interval or test is to count them. */
  readonly logs: Summary;
  /** The least and the greatest of the units' ratios. */
  readonly range: { readonly low: number; readonly high: number };
}

/**
 * The ratio of a mode to the baseline from trials paired by block, in logs (Kalibera & Jones, ISMM 2013;
 * Fleming & Wallace, CACM 29(3), 1986, on why the mean of ratios is geometric). It says nothing of which
 * direction is better.
 *
 * `low` and `high` are the further ends of two intervals: t of the logs, and the studentised bootstrap's. Where one
 * arm's trials are skewed, as latencies are, t covers 84% at five blocks and 90% at twenty, and always misses on the same
 * side; the studentised bootstrap follows skewness, and falls short itself where both arms are skewed or bimodal. The
 * further ends hold the truth in 93 to 98% at ten blocks and twenty, on normal, log-normal, bimodal, heavy-tailed, drifting,
 * autocorrelated and skewed data (docs/error-rates.md), at 1.06 times the width of t on normal data. BCa and
 * Hodges-Lehmann stand beside them as a check.
 *
 * Where units that follow each other are alike, as where a machine stays in a state for several blocks, all of this would
 * be far too narrow: the ends are then those of as many independent units as they are worth (dependence.ts).
 *
 * Below ten units even the further ends are too near: with few blocks of a skewed arm, all of them may lie on the side
 * where most of it is. `decisive` is what a verdict may rest on: there, the same at a fifth of the error.
 *
 * What no interval of n blocks can know is a state that none of them was in: one that visits a share p of
 * the blocks stays unseen with probability (1 - p)^n, which at ten blocks is 5% for p = 0.26. A state that
 * rare, in one arm only, takes the coverage at ten blocks down to some 82 to 90%.
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

/** Fewer units than this don't show how skewed they are. */
const SHOWING_SKEW = 10;
/** By how much the error of a verdict's interval is less than asked, below that. */
const CAUTION = 5;

/** The confidence of the interval that a verdict on so many units rests on, where `confidence` was asked for. */
export function decisiveConfidence(confidence: number, units: number): number {
  return units < SHOWING_SKEW ? 1 - (1 - confidence) / CAUTION : confidence;
}

/** The same from the units' log ratios and the replicates of their mean, wherever those came from. */
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

/** The interval, no end of which is nearer to the estimate than `openness`. */
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
