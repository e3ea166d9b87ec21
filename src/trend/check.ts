import { type CellName, nameOf, sameCell } from '../compare/cell-name.ts';
import type { Warning } from '../compare/warning.ts';
import { isLeftOut } from '../experiment/part.ts';
import { type IntervalVerdict, verdictAt, withinP } from '../gate/beyond.ts';
import type { Gate } from '../gate/gate.ts';
import { holm, holmLevels } from '../statistics/adjust.ts';
import { summarise } from '../statistics/interval.ts';
import { detectableDistance, fromThePast } from '../statistics/prediction.ts';
import type { MeanDifference } from '../statistics/welch.ts';
import { type Search, changesIn } from './changes.ts';
import type { HistoryLine } from './line.ts';
import { type Group, type Point, type Series, groupsOf, inOrder, segmentsOf } from './series.ts';
import { type TrendOptions, type TrendRun, figureIn, runOf } from './trend.ts';

/**
 * Fewer earlier runs hardly show how much runs vary: after correction for twenty cells, no change would be
 * detectable.
 */
export const FEWEST_EARLIER = 5;
/** Older runs say less about how much runs vary now. */
const RECENT = 30;
const POWER = 0.8;

/** The newest run of a cell relative to earlier ones. Ratios are of performance: above 1 is always better. */
export interface CheckedCell
  extends IntervalVerdict, Pick<Series, 'mode' | 'workload' | 'metric' | 'unit' | 'better' | 'kind'> {
  /** Earlier runs since the last cut or step, at most 30. */
  earlier: number;
  /**
   * Their geometric mean, and the newest run’s own figure: relative performance, or in the unit if it is raw.
   */
  expected: number | null;
  found: number;
  ratio: number | null;
  /** Of the hypothesis that it is within the margin, and the same after Holm over the cells. */
  p: number;
  adjustedP: number;
  /** The smallest slowdown that would be detected with a power of 80%, as a share; null if none would. */
  detects: number | null;
}

export interface Check {
  format: 1;
  experiment: string;
  labels: Record<string, string>;
  run: TrendRun;
  margin: number;
  confidence: number;
  cells: CheckedCell[];
  /** Cells of the previous run that the newest lacks. */
  missing: CellName[];
  warnings: Warning[];
  inconclusive?: Gate['inconclusive'];
  outcome: Gate['outcome'];
}

/**
 * The newest run relative to recent ones before it. No single run shows how much runs vary: a machine that is
 * in another state each time has narrow intervals all the same. So each cell’s figure is compared with the
 * prediction interval of the earlier runs since the last cut or step, whose spread includes all variation
 * between runs and within them (Kalibera & Jones, ISMM 2013). A cell is slower if the interval lies wholly
 * beyond the margin at the level that Holm's procedure requires over the cells, and the same if it lies
 * inside at the plain confidence, as in a gate. Throws RangeError without a run.
 */
export function checkOf(lines: readonly HistoryLine[], options: TrendOptions = {}): Check {
  const newest = inOrder(lines).at(-1);
  const group = groupsOf(lines, options.by ?? []).find(({ runs }) => runs.at(-1)?.run === newest?.run);
  if (newest === undefined || group === undefined) throw new RangeError('a check needs a run, found none');
  const { confidence } = newest;
  const margin = options.margin ?? newest.margin;
  const measured = measuredCells(group, { margin, seed: options.seed ?? 1, seen: options.seen });
  const cells = judgedCells(measured, margin, confidence);
  const before = group.runs.at(-2)?.cells ?? [];
  const missing = before
    .filter((cell) => !newest.cells.some((one) => sameCell(one, cell)) && !isLeftOut(newest.leftOut, cell))
    .map(({ mode, workload, metric }) => ({ mode, workload, metric }));
  const lacking = !newest.whole || missing.length > 0;
  return {
    ...{ format: 1, experiment: group.experiment, labels: group.labels, run: runOf(newest) },
    ...{ margin, confidence, cells, missing },
    warnings: warningsOf(group, cells, missing),
    ...(options.inconclusive === undefined ? {} : { inconclusive: options.inconclusive }),
    outcome: outcomeOf(cells, lacking),
  };
}

interface Measured {
  series: Series;
  newest: Point;
  earlier: number;
  past: ReturnType<typeof summarise> | undefined;
  difference: MeanDifference | undefined;
  /** How far off the difference may be because figures come in steps, in logs. */
  open: number;
  /** The margin's edge, in logs. */
  edge: number;
  p: number;
}

function measuredCells(group: Group, { margin, ...search }: Search): Measured[] {
  const last = group.runs.length - 1;
  const past = withoutLast(group);
  const [changed = []] = changesIn([past], { ...search, margin });
  return group.series.flatMap((series, i) => {
    const newest = series.points.at(-1);
    if (newest?.run !== last) return [];
    const since = changed[i]?.segments.at(-1)?.changes.findLast(({ kind }) => kind === 'step')?.to ?? 0;
    const segment = segmentsOf(series, group.cuts).at(-1) ?? [];
    const earlier = series.points
      .slice(since, -1)
      .filter((point) => segment.includes(point))
      .slice(-RECENT);
    const open = (newest.open ?? 0) + Math.max(0, ...earlier.map((point) => point.open ?? 0));
    const common = { series, newest, earlier: earlier.length, open, edge: Math.log1p(margin) + open };
    if (earlier.length < FEWEST_EARLIER) return { ...common, past: undefined, difference: undefined, p: 1 };
    const summary = summarise(earlier.map(({ mean }) => mean));
    const difference = fromThePast(newest.mean, summary);
    return { ...common, past: summary, difference, p: withinP(difference, common.edge) };
  });
}

/** The group before its newest run. Series that had not started have no points. */
function withoutLast(group: Group): Group {
  const last = group.runs.length - 1;
  return {
    ...group,
    runs: group.runs.slice(0, -1),
    cuts: group.cuts.filter(({ run }) => run < last),
    series: group.series.map((one) => ({
      ...one,
      points: one.points.filter(({ run }) => run < last),
      cuts: one.cuts.filter(({ run }) => run < last),
    })),
  };
}

function judgedCells(measured: readonly Measured[], margin: number, confidence: number): CheckedCell[] {
  const counts = measured.filter(({ difference }) => difference !== undefined);
  const ps = counts.map(({ p }) => p);
  const [adjusted, levels] = [holm(ps), holmLevels(ps, 1 - confidence)];
  const distances = new Map<number, number>();
  const distanceOf = (n: number) => {
    const known = distances.get(n) ?? detectableDistance(n, (1 - confidence) / counts.length, POWER);
    distances.set(n, known);
    return known;
  };
  return measured.map((one) => {
    const { series, newest, earlier, past, difference, open, edge, p } = one;
    const figure = figureIn(series);
    const place = counts.indexOf(one);
    const { mode, workload, metric, unit, better, kind } = series;
    const at = verdictAt(difference, open, margin);
    const alone = at(confidence);
    const error = difference?.standardError ?? 0;
    return {
      ...{ mode, workload, metric, unit, better, kind, earlier },
      expected: past === undefined ? null : figure(past.mean),
      found: figure(newest.mean),
      ratio: difference === undefined ? null : Math.exp(difference.value),
      ...(alone.verdict === 'same' ? alone : at(1 - (levels[place] ?? 1 - confidence))),
      p,
      adjustedP: adjusted[place] ?? 1,
      detects: past === undefined ? null : Math.expm1(edge + distanceOf(past.n) * error),
    };
  });
}

function warningsOf(group: Group, cells: readonly CheckedCell[], missing: readonly CellName[]): Warning[] {
  const few = cells.filter(({ earlier }) => earlier < FEWEST_EARLIER);
  const cut = group.cuts.find(({ run }) => run === group.runs.length - 1);
  return [
    ...(cut === undefined
      ? []
      : [
          {
            code: 'trend-cut',
            text: `${cut.why}: earlier runs can’t be compared with this one. It starts a new stretch, and the check needs ${FEWEST_EARLIER} runs of it`,
          },
        ]),
    ...(few.length === 0
      ? []
      : [
          {
            code: 'short-history',
            text: `${few.length} of ${cells.length} cells have fewer than ${FEWEST_EARLIER} earlier runs since their last cut or step, too few to know how much runs vary: repeat the run without changes, and add those runs`,
          },
        ]),
    ...missing.map((cell) => ({
      code: 'cell-missing',
      text: `${nameOf(cell)} is in the previous run but not in the newest: see its failed trials`,
    })),
  ];
}

function outcomeOf(cells: readonly CheckedCell[], lacking: boolean): Gate['outcome'] {
  const verdicts = new Set(cells.map(({ verdict }) => verdict));
  if (verdicts.has('slower')) return 'slower';
  if (lacking) return 'incomplete';
  return verdicts.has('inconclusive') || verdicts.size === 0 ? 'inconclusive' : 'passed';
}
