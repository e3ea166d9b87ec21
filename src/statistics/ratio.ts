/** How a mode compares with the baseline: the ratio of their figures, and how surely it is known. */
import { bcaInterval } from './bca.ts';
import { disagreementOf, type RatioMethods } from './disagreement.ts';
import { resampleUnits, type ResampleOptions } from './hierarchy.ts';
import { hodgesLehmann } from './hodges-lehmann.ts';
import { summarise, tInterval, type Interval, type Summary } from './interval.ts';
import { unitsOf, unitValue, type Pair } from './pairs.ts';

export interface RatioOptions extends ResampleOptions {
  /** Default 0.95. */
  readonly confidence?: number;
}

export interface Ratio extends Interval {
  /** exp of the mean log ratio: 0.9 says that the mode's figure is nine tenths of the baseline's. */
  readonly ratio: number;
  readonly confidence: number;
  /** The independent units the interval rests on: boots where there are several, else blocks. */
  readonly n: number;
  readonly methods: RatioMethods;
  /** Where the methods don't tell the same tale, how so: a reason to look at the blocks one by one. */
  readonly disagreement?: string;
  /** The units' log ratios, for tests, stop rules and planning. */
  readonly logs: Summary;
  /** The least and the greatest of the units' ratios. */
  readonly range: { readonly low: number; readonly high: number };
}

/**
 * The ratio of a mode to the baseline from trials paired by block, in logs (Kalibera & Jones, ISMM 2013;
 * Fleming & Wallace, CACM 29(3), 1986, on why the mean of ratios is geometric). It says nothing of which
 * direction is better.
 *
 * `low` and `high` are the t interval's. At ten blocks it is the one whose measured coverage is nearest its
 * name, on normal, log-normal, bimodal, heavy-tailed, drifting and autocorrelated data alike
 * (test/statistics/coverage.test.ts), while BCa falls some points short there; Hodges-Lehmann comes close
 * but has no 95% interval below six blocks. The other two stand beside it as a check of its assumptions.
 *
 * What no interval of n blocks can know is a state that none of them was in: one that visits a share p of
 * the blocks stays unseen with probability (1 - p)^n, which at ten blocks is 5% for p = 0.26. A state that
 * rare, in one arm only, takes the coverage at ten blocks down to some 82 to 90%.
 *
 * Below two units every end is null. Throws RangeError for no pairs and for values that are not finite and
 * above zero. Deterministic in its arguments.
 */
export function ratio(pairs: readonly Pair[], options: RatioOptions): Ratio {
  const { confidence = 0.95 } = options;
  const units = unitsOf(pairs);
  const values = Float64Array.from(units, unitValue);
  const replicates = values.length < 2 ? undefined : resampleUnits(units, options);
  return ratioOf(values, replicates, confidence);
}

/** The same from the units' log ratios and the replicates of their mean, wherever those came from. */
export function ratioOf(
  values: Float64Array,
  replicates: Float64Array | undefined,
  confidence: number,
): Ratio {
  const logs = summarise(values);
  const shift = hodgesLehmann(values, confidence);
  const methods = {
    t: exponential(tInterval(logs, confidence)),
    bootstrap: exponential(bootstrapInterval(values, logs.mean, replicates, confidence)),
    hodgesLehmann: { estimate: Math.exp(shift.estimate), ...exponential(shift) },
  };
  const disagreement = disagreementOf(methods);
  return {
    ratio: Math.exp(logs.mean),
    ...methods.t,
    confidence,
    n: values.length,
    methods,
    ...(disagreement === undefined ? {} : { disagreement }),
    logs,
    range: { low: Math.exp(Math.min(...values)), high: Math.exp(Math.max(...values)) },
  };
}

function bootstrapInterval(
  values: Float64Array,
  estimate: number,
  replicates: Float64Array | undefined,
  confidence: number,
): Interval {
  if (replicates === undefined) return { low: null, high: null };
  const n = values.length;
  const jackknife = values.map((value) => (n * estimate - value) / (n - 1));
  return bcaInterval({ estimate, replicates, jackknife, confidence });
}

function exponential({ low, high }: Interval): Interval {
  return { low: low === null ? null : Math.exp(low), high: high === null ? null : Math.exp(high) };
}
