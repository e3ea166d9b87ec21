import type { Gate } from '../gate/gate.ts';
import type { Seed } from '../statistics/prng.ts';
import { type Change, type ChangedSeries, type Search, changesIn } from './changes.ts';
import type { HistoryLine } from './line.ts';
import { type Cut, type Group, type Series, groupsOf } from './series.ts';

/** A run, as far as a reader needs to recognise it. */
export interface TrendRun extends Pick<HistoryLine, 'run' | 'started'> {
  commit: string | null;
  branch: string | null;
  dirty: boolean;
}

/**
 * A cell’s figures as relative performance, where 1 is as fast as the baseline; for a baseline, in its unit.
 */
interface Figure {
  value: number;
  low: number | null;
  high: number | null;
}

export interface TrendChange {
  kind: 'step' | 'drift';
  /** Positions of runs: the last one before and the first one after; for a drift, its first and last run. */
  from: number;
  to: number;
  /** Performance after the change divided by that before: below 1 is always slower. */
  ratio: number;
  before: number;
  after: number;
  verdict: 'slower' | 'faster';
}

export interface TrendCell extends Omit<Series, 'points'> {
  points: (Figure & { run: number; n: number })[];
  changes: TrendChange[];
  /** Its newest change since the last cut; `steady` without one, and `too few` if there are too few runs. */
  verdict: 'slower' | 'faster' | 'steady' | 'too few';
}

export interface TrendGroup extends Pick<Group, 'experiment' | 'labels'> {
  runs: TrendRun[];
  cuts: Cut[];
  cells: TrendCell[];
}

export interface Trend {
  format: 1;
  margin: number;
  groups: TrendGroup[];
  /** How an inconclusive outcome counts, if specified. */
  inconclusive?: Gate['inconclusive'];
  outcome: 'passed' | 'slower' | 'inconclusive';
}

export interface TrendOptions {
  /** Labels, or facts under test, each value of which gets its own series. */
  by?: readonly string[] | undefined;
  /** Changes smaller than this share are ignored; by default the newest run's margin. */
  margin?: number | undefined;
  inconclusive?: Gate['inconclusive'];
  /** Seed of the permutation test. */
  seed?: Seed | undefined;
  /** Called after each series, because analysis may take long: how many of how many. */
  seen?: Search['seen'];
}

/** How each cell has changed over the runs of a history; the same for the same lines, in any order. */
export function trendOf(lines: readonly HistoryLine[], options: TrendOptions = {}): Trend {
  const groups = groupsOf(lines, options.by ?? []);
  const margin = options.margin ?? groups[0]?.runs.at(-1)?.margin ?? 0;
  const changed = changesIn(groups, { seed: options.seed ?? 1, margin, seen: options.seen });
  const told = groups.map(({ experiment, labels, runs, cuts }, i) => ({
    ...{ experiment, labels, cuts },
    runs: runs.map(runOf),
    cells: (changed[i] ?? []).map(cellOf),
  }));
  return {
    ...{ format: 1, margin, groups: told },
    ...(options.inconclusive === undefined ? {} : { inconclusive: options.inconclusive }),
    outcome: outcomeOf(told),
  };
}

/**
 * What is slower counts, wherever it is. New cells and ended groups have too few runs, for a while or for
 * ever, and don't hold up the outcome as long as some cell of the newest run can be judged.
 */
function outcomeOf(groups: readonly TrendGroup[]): Trend['outcome'] {
  const verdicts = groups.flatMap(({ cells }) => cells.map(({ verdict }) => verdict));
  if (verdicts.includes('slower')) return 'slower';
  const newest = groups[0]?.cells ?? [];
  return newest.some(({ verdict }) => verdict !== 'too few') ? 'passed' : 'inconclusive';
}

export function runOf({ run, started, origin }: HistoryLine): TrendRun {
  return {
    ...{ run, started },
    commit: origin?.commit ?? null,
    branch: origin?.branch ?? null,
    dirty: origin?.dirty ?? false,
  };
}

function cellOf({ series, segments }: ChangedSeries): TrendCell {
  const { points, ...rest } = series;
  const figure = figureIn(series);
  const last = segments.at(-1);
  const newest = last?.changes.at(-1);
  return {
    ...rest,
    points: points.map(({ run, mean, low, high, n }) => ({
      run,
      n,
      ...figuresIn(series, { mean, low, high }),
    })),
    changes: segments.flatMap(({ changes }) =>
      changes.map((change) => ({
        kind: change.kind,
        from: points[change.from]?.run ?? 0,
        to: points[change.to]?.run ?? 0,
        ratio: Math.exp(change.after - change.before),
        ...{ before: figure(change.before), after: figure(change.after), verdict: directionOf(change) },
      })),
    ),
    verdict: newest === undefined ? (last?.tested === true ? 'steady' : 'too few') : directionOf(newest),
  };
}

function directionOf({ before, after }: Change): 'slower' | 'faster' {
  return after < before ? 'slower' : 'faster';
}

/** A log of performance as the figure of a cell. */
export function figureIn({ kind, better }: Pick<Series, 'kind' | 'better'>): (log: number) => number {
  return (log) => Math.exp(kind === 'raw' && better === 'lower' ? -log : log);
}

function figuresIn(
  series: Pick<Series, 'kind' | 'better'>,
  { mean, low, high }: { mean: number; low: number | null; high: number | null },
): Figure {
  const figure = figureIn(series);
  const turned = series.kind === 'raw' && series.better === 'lower';
  const [bottom, top] = turned ? [high, low] : [low, high];
  return {
    value: figure(mean),
    low: bottom === null ? null : figure(bottom),
    high: top === null ? null : figure(top),
  };
}
