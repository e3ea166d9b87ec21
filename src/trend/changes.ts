import { holm } from '../statistics/adjust.ts';
import { mannWhitneyTest } from '../statistics/mann-whitney.ts';
import { FEWEST_FOR_STEPS, movementOf } from '../statistics/movement.ts';
import { type Seed, derive } from '../statistics/prng.ts';
import { median } from '../statistics/quantile.ts';
import { stepsOf } from '../statistics/steps.ts';
import { type Group, type Point, type Series, segmentsOf } from './series.ts';

/** The chance that anything reported about a history is mere noise. */
const LEVEL = 0.05;
/** A rank test of the runs on either side of a step, which a single outlier does not sway. */
const VOTE = 0.05;

/** How the level of a cell changed, by points of its series. */
export interface Change {
  kind: 'step' | 'drift';
  /** The last point before and the first after it; for a drift, its first and last. */
  from: number;
  to: number;
  /** The logs of the levels before and after. */
  before: number;
  after: number;
}

/** A stretch of a series without a cut. */
export interface Segment {
  /** Its first point, and the one after its last, as positions in the series. */
  from: number;
  to: number;
  /** Whether it has enough runs for a change to be detectable. */
  tested: boolean;
  /** Oldest first. */
  changes: Change[];
}

export interface ChangedSeries {
  series: Series;
  /** Oldest first. */
  segments: Segment[];
}

export interface Search {
  seed: Seed;
  /** Changes smaller than this share are ignored. */
  margin: number;
  /** Called after each series, because analysis may take long: how many of how many. */
  seen?: ((done: number, of: number) => void) | undefined;
}

/**
 * The changes of every series of a history. A step is a change that E-divisive's permutation test finds
 * (Matteson & James, JASA 109, 2014), that a line does not fit far better, and that a rank test of the runs
 * on either side confirms (Mann & Whitney, 1947); a drift is a line fitted by least squares. Either has to be
 * larger than the margin.
 *
 * All series are tested, and each alarm makes somebody look through commits, so the chance of even one false
 * alarm in the whole history is kept under 5%, half for steps and half for drifts; this controls the
 * family-wise error rate, not the false discovery rate. Drifts are corrected by Holm's procedure. Steps are
 * tested at Holm's first level, which is Bonferroni's: a permutation test stops as soon as it is sure to
 * exceed its level, and so has no p value to be ordered beyond that.
 */
export function changesIn(groups: readonly Group[], { seed, margin, seen }: Search): ChangedSeries[][] {
  const tested = groups.flatMap(({ series, cuts }) =>
    series.flatMap((one) => segmentsOf(one, cuts).filter(isTested)),
  ).length;
  const level = LEVEL / 2 / Math.max(1, tested);
  const all = groups.reduce((sum, { series }) => sum + series.length, 0);
  let done = 0;
  const moved = groups.map(({ experiment, labels, series, cuts }) =>
    series.map((one) => {
      const own = derive(
        seed,
        'trend',
        experiment,
        JSON.stringify(labels),
        one.mode,
        one.workload,
        one.metric,
      );
      let from = 0;
      const segments = segmentsOf(one, cuts).map((points) => {
        const place = from;
        from += points.length;
        return isTested(points)
          ? movedIn(points, place, { seed: derive(own, place), magnitude: margin, significance: level })
          : { from: place, to: from, tested: false, steps: [], drift: undefined };
      });
      seen?.(++done, all);
      return { series: one, segments };
    }),
  );
  const drifts = moved.flat(2).flatMap(({ segments }) => segments.flatMap(({ drift }) => drift ?? []));
  const adjusted = holm([...drifts.map(({ p }) => p), ...Array<number>(tested - drifts.length).fill(1)]);
  const real = new Set(drifts.filter((_, i) => (adjusted[i] ?? 1) <= LEVEL / 2));
  return moved.map((series) =>
    series.map(({ series: one, segments }) => ({
      series: one,
      segments: segments.map(({ steps, drift, ...segment }) => ({
        ...segment,
        changes: steps.length > 0 ? steps : drift !== undefined && real.has(drift) ? [drift.change] : [],
      })),
    })),
  );
}

const isTested = ({ length }: readonly Point[]) => length >= FEWEST_FOR_STEPS;

interface Moved extends Omit<Segment, 'changes'> {
  steps: Change[];
  drift: { change: Change; p: number } | undefined;
}

function movedIn(
  points: readonly Point[],
  from: number,
  search: { seed: Seed; magnitude: number; significance: number },
): Moved {
  const logs = Float64Array.from(points, ({ mean }) => mean);
  const { trend, steps, isStep } = movementOf(logs, search);
  const segment = { from, to: from + logs.length, tested: true };
  const large = (change: Change) => Math.abs(change.after - change.before) > Math.log1p(search.magnitude);
  const found = isStep ? stepChanges(logs, agreed(logs, steps.indices), from).filter(large) : [];
  if (found.length > 0) return { ...segment, steps: found, drift: undefined };
  const middle = logs.reduce((sum, log) => sum + log / logs.length, 0);
  const half = (trend.slope * (logs.length - 1)) / 2;
  const change: Change = {
    ...{ kind: 'drift', from, to: from + logs.length - 1 },
    ...{ before: middle - half, after: middle + half },
  };
  return { ...segment, steps: [], drift: large(change) ? { change, p: trend.p } : undefined };
}

/**
 * The steps that the rank test of adjacent levels confirms. An unconfirmed step is dropped, and its levels
 * are joined.
 */
function agreed(logs: Float64Array, indices: readonly number[]): number[] {
  const ends = [0, ...indices, logs.length];
  const ps = indices.map(
    (index, i) => mannWhitneyTest(logs.subarray(ends[i], index), logs.subarray(index, ends[i + 2])).p,
  );
  const worst = Math.max(...ps);
  if (indices.length === 0 || worst <= VOTE) return [...indices];
  return agreed(
    logs,
    stepsOf(
      logs,
      indices.filter((_, i) => ps[i] !== worst),
    ).indices,
  );
}

function stepChanges(logs: Float64Array, indices: readonly number[], from: number): Change[] {
  const ends = [0, ...indices, logs.length];
  const levels = ends.slice(1).map((to, i) => median(logs.subarray(ends[i], to)));
  return indices.map((index, i) => ({
    ...{ kind: 'step', from: from + index - 1, to: from + index },
    ...{ before: levels[i] ?? NaN, after: levels[i + 1] ?? NaN },
  }));
}
