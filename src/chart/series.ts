import type { Cell, Results } from '../compare/results.ts';
import { median } from '../statistics/quantile.ts';
import { chartedMetrics } from './charted.ts';
import { faint, lookOf, modesOf } from './palette.ts';
import { type ChartDatasets, type ChartSpec, axisFor, figure, short } from './spec.ts';
import { type Shown, shownIn } from './units.ts';

/**
 * Keeps the page of a run with many samples small: limits on the samples drawn, for all charts and per trial,
 * evenly chosen.
 */
const POINTS = 20_000;
const POINTS_PER_TRIAL = 40;

/** A metric of a workload over the blocks. */
export interface Series {
  id: string;
  workload: string;
  metric: string;
  unit: string;
  better: 'higher' | 'lower';
  /** The run's modes, which determine colours and markers. */
  modes: readonly string[];
  cells: readonly SeriesCell[];
}

export interface SeriesCell {
  mode: string;
  /** The samples that are drawn. */
  trials: readonly { block: number; median: number; samples: readonly number[] }[];
}

/** Every metric of every workload over the blocks. */
export function seriesCharts(results: Results): ChartSpec[] {
  const modes = modesOf(results);
  const points = pointsPerTrial(results);
  return chartedMetrics(results).shown.map(([, { workload, metric, unit, better }], index) =>
    seriesChart({
      id: `series-${index + 1}`,
      ...{ workload, metric, unit, better, modes },
      cells: results.cells
        .filter((cell) => cell.workload === workload && cell.metric === metric)
        .map((cell) => seriesCell(cell, points)),
    }),
  );
}

/** How many of a trial's samples are drawn, so that a run's are not too many. */
export function pointsPerTrial({ cells }: Pick<Results, 'cells'>): number {
  const trials = cells.reduce((sum, cell) => sum + cell.trials.length, 0);
  return Math.max(1, Math.min(POINTS_PER_TRIAL, Math.floor(POINTS / trials)));
}

/** What is drawn of a cell, with at most this many samples per trial. */
export function seriesCell({ mode, trials }: Cell, points: number): SeriesCell {
  return {
    mode,
    trials: trials.map(({ block, values }) => ({
      block,
      median: short(median(values)),
      samples: thinned(values, points).map(short),
    })),
  };
}

/** Raw samples as points, medians as a line, so that drift is visible. */
export function seriesChart({
  id,
  workload,
  metric,
  unit: measured,
  better,
  modes,
  cells,
}: Series): ChartSpec {
  const blocks = [...new Set(cells.flatMap(({ trials }) => trials.map(({ block }) => block)))];
  blocks.sort((a, b) => a - b);
  const values = cells.flatMap(({ trials }) => trials.flatMap(({ samples }) => samples));
  const shown = shownIn(measured, values);
  const { unit } = shown;
  return {
    id,
    of: { workload, metric },
    title: `${workload}: ${metric}`,
    caption: `${unit} by block; ${better} is better. Points are samples, lines are medians of blocks; a slope common to all modes is drift of the machine.`,
    height: 260,
    config: {
      type: 'scatter',
      data: { datasets: cells.flatMap((cell) => datasets(cell, modes, shown)) },
      options: {
        scales: {
          x: {
            title: { display: true, text: 'block' },
            min: 0.5,
            max: Math.max(...blocks) + 0.5,
            ticks: { stepSize: 1, precision: 0, includeBounds: false },
          },
          y: { type: axisFor(values), title: { display: true, text: `${unit} (${better} is better)` } },
        },
      },
    },
    sentence: `{series}, block {block}: the median is {y} ${unit}.`,
    table: {
      head: ['block', ...cells.map(({ mode }) => `${mode} (median, ${unit})`)],
      rows: blocks.map((block) => [String(block), ...cells.map((cell) => medianIn(cell, block, shown))]),
    },
  };
}

/** Slightly offset from the block, so that modes don't hide one another. */
function datasets(
  { mode, trials }: SeriesCell,
  modes: readonly string[],
  { of }: Shown,
): ChartDatasets<'scatter'> {
  const index = modes.indexOf(mode);
  const { colour, point, dash } = lookOf(index);
  const aside = modes.length < 2 ? 0 : (index / (modes.length - 1) - 0.5) * 0.4;
  return [
    {
      label: '',
      data: trials.flatMap(({ block, samples }) =>
        samples.map((value) => ({ x: short(block + aside), y: short(of(value)) })),
      ),
      pointStyle: point,
      pointRadius: 3,
      borderColor: faint(colour),
      backgroundColor: faint(colour),
    },
    {
      label: mode,
      data: trials.map((trial) => ({ x: short(trial.block + aside), y: short(of(trial.median)) })),
      showLine: true,
      pointStyle: point,
      pointRadius: 5,
      borderColor: colour,
      backgroundColor: colour,
      borderDash: dash,
      borderWidth: 1.5,
    },
  ];
}

function thinned(values: readonly number[], points: number): readonly number[] {
  if (values.length <= points) return values;
  return Array.from({ length: points }, (_, i) => values[Math.floor((i * values.length) / points)] ?? 0);
}

function medianIn({ trials }: SeriesCell, block: number, { of }: Shown): string {
  const found = trials.find((trial) => trial.block === block);
  return found === undefined ? '' : figure(of(found.median));
}
