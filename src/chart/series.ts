import type { Cell, Results } from '../compare/results.ts';
import { median } from '../statistics/quantile.ts';
import { chartedMetrics } from './charted.ts';
import { faint, lookOf } from './palette.ts';
import { type ChartDatasets, type ChartSpec, figure, short } from './spec.ts';

/** A page of a run of many samples stays small: of all charts' samples and of a trial's this many are drawn, evenly taken. */
const POINTS = 20_000;
const POINTS_PER_TRIAL = 40;

/** Every metric of every workload over the blocks: raw samples as points, medians as a line, so that drift shows. */
export function seriesCharts(results: Results): ChartSpec[] {
  const modes = [...new Set(results.cells.map(({ mode }) => mode))];
  const trials = results.cells.reduce((sum, cell) => sum + cell.trials.length, 0);
  const points = Math.max(1, Math.min(POINTS_PER_TRIAL, Math.floor(POINTS / trials)));
  return chartedMetrics(results).shown.map(([title, { workload, metric, unit, better }], index) => {
    const cells = results.cells.filter((cell) => cell.workload === workload && cell.metric === metric);
    const blocks = blocksOf(cells);
    return {
      id: `series-${index + 1}`,
      of: 'workload',
      title,
      caption: `${unit} by block, ${better} is better. Points are samples, lines the medians of the blocks; a slope common to all modes is drift of the machine.`,
      height: 260,
      config: {
        type: 'scatter',
        data: { datasets: cells.flatMap((cell) => datasets(cell, modes, points)) },
        options: {
          scales: {
            x: {
              title: { display: true, text: 'block' },
              min: 0.5,
              max: Math.max(...blocks) + 0.5,
              ticks: { stepSize: 1, precision: 0, includeBounds: false },
            },
            y: { title: { display: true, text: `${unit} (${better} is better)` } },
          },
        },
      },
      table: {
        head: ['block', ...cells.map(({ mode }) => `${mode} (median, ${unit})`)],
        rows: blocks.map((block) => [String(block), ...cells.map((cell) => medianIn(cell, block))]),
      },
    };
  });
}

/** A little to the side of the block, so that modes don't hide one another. */
function datasets(cell: Cell, modes: readonly string[], points: number): ChartDatasets<'scatter'> {
  const index = modes.indexOf(cell.mode);
  const { colour, point, dash } = lookOf(index);
  const aside = modes.length < 2 ? 0 : (index / (modes.length - 1) - 0.5) * 0.4;
  return [
    {
      label: '',
      data: cell.trials.flatMap(({ block, values }) =>
        thinned(values, points).map((value) => ({ x: short(block + aside), y: short(value) })),
      ),
      pointStyle: point,
      pointRadius: 3,
      borderColor: faint(colour),
      backgroundColor: faint(colour),
    },
    {
      label: cell.mode,
      data: cell.trials.map(({ block, values }) => ({ x: short(block + aside), y: short(median(values)) })),
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

function blocksOf(cells: readonly Cell[]): number[] {
  return [...new Set(cells.flatMap(({ trials }) => trials.map(({ block }) => block)))].sort((a, b) => a - b);
}

function medianIn(cell: Cell, block: number): string {
  const values = cell.trials.find((trial) => trial.block === block)?.values;
  return values === undefined ? '' : figure(median(values));
}
