import type { Cell, Results } from '../compare/results.ts';
import { sortedQuantile } from '../statistics/quantile.ts';
import { chartedMetrics } from './charted.ts';
import { faint, lookOf, modesOf } from './palette.ts';
import { type ChartSpec, axisFor, figure, short } from './spec.ts';
import { tailCell } from './tails.ts';
import { type Shown, shownIn } from './units.ts';

/** A box represents all samples; at most this many points are drawn next to it, evenly spaced by rank. */
const POINTS = 60;

interface Box {
  min: number;
  whiskerMin: number;
  q1: number;
  median: number;
  q3: number;
  whiskerMax: number;
  max: number;
  mean: number;
  items: number[];
  outliers: number[];
}

const HEAD = ['mode', 'samples', 'minimum', 'first quartile', 'median', 'third quartile', 'maximum'];

/** The distribution of all samples of each mode: a box per mode, a chart per workload and metric. */
export function distributionCharts(results: Results): ChartSpec[] {
  const modes = modesOf(results);
  return chartedMetrics(results).shown.map(([title, { workload, metric, unit: measured, better }], index) => {
    const cells = results.cells.filter((cell) => cell.workload === workload && cell.metric === metric);
    const shown = shownIn(
      measured,
      cells.flatMap(({ trials }) => trials.flatMap(({ values }) => values.slice(0, 1))),
    );
    const { unit } = shown;
    const boxes = cells.map((cell) => boxOf(cell, shown));
    const tails = (results.tails ?? []).filter((one) => one.workload === workload && one.metric === metric);
    const shares = [0.95, 0.99, 0.999].filter((p) =>
      tails.some(({ quantiles }) => quantiles.some((one) => one.p === p)),
    );
    const colours = cells.map(({ mode }) => lookOf(modes.indexOf(mode)).colour);
    return {
      id: `distribution-${index + 1}`,
      of: { workload, metric },
      title: `${title}: distribution`,
      caption: `All samples, ${unit}, ${better} is better. Box: quartiles and median; whiskers: the furthest sample within 1.5 interquartile ranges of it (Tukey); points: samples, evenly spaced by rank.`,
      height: 110 + 46 * cells.length,
      config: {
        type: 'boxplot',
        data: {
          labels: cells.map(({ mode }) => mode),
          datasets: [
            {
              label: '',
              data: boxes,
              backgroundColor: colours.map(faint),
              borderColor: colours,
              borderWidth: 1.5,
              itemRadius: 2,
              itemBackgroundColor: '#22222266',
              outlierRadius: 0,
            },
          ],
        },
        options: {
          indexAxis: 'y',
          scales: {
            x: {
              type: axisFor(boxes.flatMap(({ min, max }) => [min, max])),
              title: { display: true, text: `${unit} (${better} is better)` },
            },
          },
        },
      },
      sentence: `{label}: half of the samples lie between {q1} and {q3} ${unit}; the median is {median} ${unit}.`,
      table: {
        head: [...HEAD, ...shares.map((p) => `p${100 * p}`)],
        rows: cells.map(({ mode, trials }, at) => {
          const { min, q1, median, q3, max } = boxes[at] as Box;
          const n = trials.reduce((sum, { values }) => sum + values.length, 0);
          const tail = tails.find((one) => one.mode === mode);
          return [
            ...[mode, String(n), ...[min, q1, median, q3, max].map(figure)],
            ...shares.map((p) => (tail === undefined ? '' : tailCell(tail, p, shown.of))),
          ];
        }),
      },
    };
  });
}

function boxOf({ trials }: Cell, { of }: Shown): Box {
  const sorted = Float64Array.from(trials.flatMap(({ values }) => values.map(of))).sort();
  const at = (p: number) => sortedQuantile(sorted, p);
  const [q1, median, q3] = [at(0.25), at(0.5), at(0.75)];
  const reach = 1.5 * (q3 - q1);
  const inside = sorted.filter((value) => value >= q1 - reach && value <= q3 + reach);
  const points = Math.min(POINTS, sorted.length);
  return {
    min: short(at(0)),
    whiskerMin: short(inside[0] ?? q1),
    q1: short(q1),
    median: short(median),
    q3: short(q3),
    whiskerMax: short(inside.at(-1) ?? q3),
    max: short(at(1)),
    mean: short(sorted.reduce((sum, value) => sum + value, 0) / sorted.length),
    items: Array.from({ length: points }, (_, i) =>
      Number(at(points === 1 ? 0.5 : i / (points - 1)).toPrecision(4)),
    ),
    outliers: [],
  };
}
