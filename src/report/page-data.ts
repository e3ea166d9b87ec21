/** The data for the page's program: a run's comparisons with the details of each, and its charts. */
import { modesOf } from '../chart/palette.ts';
import { pointsPerTrial, seriesCell } from '../chart/series.ts';
import { type ChartSpec, short } from '../chart/spec.ts';
import { baselineWord } from '../compare/baselines.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { geometricMean } from '../statistics/moments.ts';
import { printable } from '../words/printable.ts';
import { blockStories } from './blocks.ts';
import { intervalKinds, intervalOf, intervalsLead, probability } from './intervals.ts';
import { cellWords, matrixRows } from './matrix.ts';

export interface PageData {
  /** The baseline of the modes, in a word or two. */
  baseline: string;
  confidence: number;
  margin: number;
  /** In the order of the experiment file, which determines their colours and markers. */
  modes: string[];
  cells: PageCell[];
  /** The confidence of the cells' intervals. */
  intervalsLead: string;
  trials: PageTrials[];
  /** Visits whose mode was asked for evidence. */
  evidence: { mode: string; block: number; held: number; of: number; failed: string[] }[];
  lost: { trial: string; mode: string; workload: string; outcome: string; reason: string }[];
  /** Blocks in which something happened. */
  incidents: { block: number; texts: string[] }[];
  charts: PageChart[];
}

/** Absent for a chart of the whole run, whose table is already on the page. */
export type PageChart = Omit<ChartSpec, 'table'> & { table?: ChartSpec['table'] };

type Compared = Pick<Comparison, 'mode' | 'workload' | 'metric' | 'unit' | 'better' | 'baseline'> &
  Pick<Comparison, 'verdict' | 'attested' | 'note'>;

/** A mode's metric of a workload, compared with its baseline's. */
export interface PageCell extends Compared {
  /** The first metric of its workload. */
  first: boolean;
  /** Relative performance, where 1 means as fast, with its interval; null without one. */
  share: number | null;
  low: number | null;
  high: number | null;
  /** `▼ 34.2%` and its interval; absent without a pair. */
  words?: { ratio: string; interval: string };
  /** The interval by several methods, and the p values. */
  intervals: [string, string][];
}

/** A completed trial with the geometric mean of its samples. An array, because there are very many. */
export type PageTrial = [
  trial: string,
  block: number,
  mean: number,
  median: number,
  count: number,
  /** UTC. */
  time: string,
  /** The boot that the mode was in, counted from 1; null if unknown. */
  boot: number | null,
  /** The ones that are drawn. */
  samples: readonly number[],
];

/** One metric of a workload in a mode, whether compared or a baseline. */
export interface PageTrials {
  mode: string;
  workload: string;
  metric: string;
  trials: PageTrial[];
}

export function pageData(results: Results, charts: readonly ChartSpec[]): PageData {
  const stories = blockStories(results);
  const points = pointsPerTrial(results);
  const firsts = new Set(
    matrixRows(results).flatMap(({ first, cells }) => (first ? [...cells.values()] : [])),
  );
  return shown({
    baseline: baselineWord(results),
    confidence: results.confidence,
    margin: results.margin,
    modes: modesOf(results),
    cells: results.comparisons.map((one) => cellOf(one, firsts.has(one))),
    intervalsLead: intervalsLead(results),
    trials: results.cells.map((cell) => trialsOf(cell, points)),
    evidence: evidenceOf(results),
    lost: results.unsuccessful.map(({ trial, mode, workload, outcome }) => ({
      ...{ trial, mode, workload, outcome: outcome.kind },
      reason: 'reason' in outcome ? outcome.reason : '',
    })),
    incidents: stories.flatMap(({ block, incidents }) =>
      incidents.length === 0 ? [] : [{ block, texts: incidents.map(({ text }) => text) }],
    ),
    // The page computes series from the trials.
    charts: charts
      .filter(({ id }) => !id.startsWith('series-'))
      .map((chart) => pageChart(chart, chart.of !== 'run')),
  });
}

/** For a page with nothing but charts. */
export function onlyCharts(charts: readonly ChartSpec[]): PageData {
  return {
    ...{ baseline: '', confidence: 0, margin: 0, intervalsLead: '' },
    ...{ modes: [], cells: [], trials: [], evidence: [], lost: [], incidents: [] },
    charts: charts.map((chart) => pageChart(chart, false)),
  };
}

/** @param tabled Whether the program shows its table; the page may have it already. */
function pageChart({ table, ...chart }: ChartSpec, tabled: boolean): PageChart {
  return tabled ? { ...chart, table } : chart;
}

function cellOf(one: Comparison, first: boolean): PageCell {
  const { mode, workload, metric, unit, better, baseline, verdict, attested, note } = one;
  const words = cellWords(one);
  const { ratio: share, low, high } = performance(one.ratio, one.low, one.high, better);
  return {
    ...{ mode, workload, metric, unit, better, baseline, verdict, attested, note, first },
    ...{ share: rounded(share), low: rounded(low), high: rounded(high) },
    ...(words === undefined ? {} : { words }),
    intervals: intervalsOf(one),
  };
}

function rounded(share: number | null): number | null {
  return share === null ? null : short(share);
}

function intervalsOf(one: Comparison): PageCell['intervals'] {
  const { intervals } = one;
  if (intervals === null) return [];
  return [
    ...intervalKinds(intervals).map(([name, ends]): [string, string] => [name, intervalOf(one, ends)]),
    ['p', probability(one.p)],
    ['p (Holm)', probability(one.adjustedP)],
  ];
}

function trialsOf(cell: Results['cells'][number], points: number): PageTrials {
  const { mode, workload, metric, trials } = cell;
  const boots = [...new Set(trials.map(({ boot }) => boot))];
  // A figure of 0 or less has no ratio.
  const told = trials.filter(({ values }) => values.length > 0 && values.every((value) => value > 0));
  return {
    ...{ mode, workload, metric },
    trials: seriesCell({ ...cell, trials: told }, points).trials.map(({ block, median, samples }, at) => {
      const { trial, wall, values, boot } = told[at] as (typeof told)[number];
      const known = boot === null ? null : boots.indexOf(boot) + 1;
      const mean = short(geometricMean(values));
      return [trial, block, mean, median, values.length, wall.slice(11, 19), known, samples];
    }),
  };
}

function evidenceOf({ attestations }: Results): PageData['evidence'] {
  const visits = new Map<string, PageData['evidence'][number]>();
  for (const { mode, block, ok, findings } of attestations) {
    if (findings.length === 0) continue;
    const key = JSON.stringify([mode, block]);
    const known = visits.get(key) ?? { mode, block, held: 0, of: 0, failed: [] };
    const failed = findings.filter((one) => !one.ok).map(({ claim, evidence }) => `${claim}: ${evidence}`);
    visits.set(key, {
      ...{ mode, block, held: known.held + (ok ? 1 : 0), of: known.of + 1 },
      failed: [...known.failed, ...failed],
    });
  }
  return [...visits.values()];
}

/** Replaces each invisible character by a sign, in every text. */
function shown<Value>(value: Value): Value {
  const part = (inner: unknown): unknown => {
    if (typeof inner === 'string') return printable(inner);
    if (Array.isArray(inner)) return inner.map(part);
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, one]) => [key, part(one)]));
  };
  return part(value) as Value;
}
