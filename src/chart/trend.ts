import { lookOf } from './palette.ts';
import { drawable } from './drawable.ts';
import { type ChartDatasets, type ChartSpec, figure, percentage, short } from './spec.ts';
import type { TrendCell, TrendGroup } from '../trend/trend.ts';
import { intervalWords } from '../words/interval.ts';

/** Each chart takes space in the page. */
const MOST = 100;
const SLOWER = '#D55E00';
const FASTER = '#009E73';

/**
 * A cell over the runs: each run’s figure with its interval, levels and drifts, and marks at changes and
 * cuts. What changed comes first.
 */
export function trendCharts(group: TrendGroup, id: string): ChartSpec[] {
  const order = ['slower', 'faster', 'steady', 'too few'];
  return group.cells
    .toSorted(
      (a, b) =>
        Number(b.changes.length > 0) - Number(a.changes.length > 0) ||
        order.indexOf(a.verdict) - order.indexOf(b.verdict),
    )
    .slice(0, MOST)
    .map((cell, index) => drawable(chartOf(cell, group, `${id}-${index + 1}`)));
}

function chartOf(cell: TrendCell, group: TrendGroup, id: string): ChartSpec {
  const { mode, workload, metric, unit, better, kind } = cell;
  const scale = kind === 'relative' ? 100 : 1;
  const what = kind === 'relative' ? '% of the baseline (higher is better)' : `${unit} (${better} is better)`;
  const words = (value: number) => (kind === 'relative' ? percentage(value) : `${figure(value)} ${unit}`);
  return {
    id,
    of: { workload, metric },
    title: `${mode}, ${workload}: ${metric}`,
    caption:
      `Each point is a run, its line the ${kind === 'relative' ? 'interval over its blocks' : 'interval over its blocks, of the baseline’s own figure'}. ` +
      'Flat lines are levels, sloping lines are drifts; a solid vertical line is a step, a dashed one a cut, across which nothing is compared.',
    height: 300,
    config: {
      type: 'scatter',
      data: { datasets: [...datasets(cell, scale), ...levels(cell, group, scale)] },
      options: {
        scales: {
          x: {
            title: { display: true, text: 'run' },
            min: 0.5,
            max: group.runs.length + 0.5,
            ticks: { precision: 0, includeBounds: false },
          },
          // Space for the labels of marks.
          y: { title: { display: true, text: what }, grace: '15%' },
        },
        plugins: { annotation: { annotations: marks(cell, group) } },
      },
    },
    sentence: `Run {x}: {y}${kind === 'relative' ? '% of the baseline' : ` ${unit}`}.`,
    table: {
      head: ['run', 'started', 'commit', 'figure', 'interval', 'blocks'],
      rows: cell.points.map(({ run, value, low, high, n }) => [
        String(run + 1),
        group.runs[run]?.started ?? '',
        group.runs[run]?.commit ?? '',
        words(value),
        intervalWords(low, high, words),
        String(n),
      ]),
    },
  };
}

function datasets({ points }: TrendCell, scale: number): ChartDatasets<'scatter'> {
  const { colour, point } = lookOf(0);
  return [
    {
      label: '',
      data: points.map(({ run, value }) => ({ x: run + 1, y: short(scale * value) })),
      pointStyle: point,
      pointRadius: 4,
      borderColor: colour,
      backgroundColor: colour,
    },
    {
      label: '',
      data: points.flatMap(({ run, low, high }) =>
        low === null || high === null
          ? []
          : [...[low, high].map((end) => ({ x: run + 1, y: short(scale * end) })), { x: run + 1, y: NaN }],
      ),
      showLine: true,
      pointRadius: 0,
      borderColor: colour,
      borderWidth: 1.5,
    },
  ];
}

/** The level or drift of each stretch between cuts and steps. */
function levels(cell: TrendCell, group: TrendGroup, scale: number): ChartDatasets<'scatter'> {
  return cell.changes.flatMap(({ kind, from, to, before, after, verdict }) => {
    const colour = verdict === 'slower' ? SLOWER : FASTER;
    if (kind === 'drift') return [line([from + 1, scale * before], [to + 1, scale * after], colour)];
    const [first, last] = stretchAround(cell, group, from, to);
    return [
      line([first + 1, scale * before], [from + 1, scale * before], '#444444'),
      line([to + 1, scale * after], [last + 1, scale * after], colour),
    ];
  });
}

/** The runs over which the levels before and after a step hold: up to the next step or cut on either side. */
function stretchAround(
  { changes, cuts, points }: TrendCell,
  group: TrendGroup,
  from: number,
  to: number,
): [number, number] {
  const starts = [
    ...changes.filter(({ kind }) => kind === 'step').map((one) => one.to),
    ...[...cuts, ...group.cuts].map(({ run }) => run),
  ];
  const first = Math.max(points[0]?.run ?? 0, ...starts.filter((run) => run <= from));
  const after = Math.min(...starts.filter((run) => run > to), (points.at(-1)?.run ?? to) + 1);
  return [first, after - 1];
}

function line(
  from: readonly [number, number],
  to: readonly [number, number],
  colour: string,
): ChartDatasets<'scatter'>[number] {
  return {
    label: '',
    data: [from, to].map(([x, y]) => ({ x, y: short(y) })),
    showLine: true,
    pointRadius: 0,
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 2.5,
  };
}

function marks({ changes, cuts }: TrendCell, group: TrendGroup) {
  const steps = changes
    .filter(({ kind }) => kind === 'step')
    .map(({ from, to, ratio, verdict }, index) => [
      `step${index}`,
      mark((from + to) / 2 + 1, `${verdict === 'slower' ? '▼' : '▲'} ${percentage(ratio)}`, {
        colour: verdict === 'slower' ? SLOWER : FASTER,
        dash: [],
        position: 'start',
      }),
    ]);
  const all = [...group.cuts, ...cuts].map(({ run, why }, index) => [
    `cut${index}`,
    mark(run + 0.5, why, { colour: '#444444', dash: [6, 4], position: 'end' }),
  ]);
  return Object.fromEntries([...steps, ...all]) as Record<string, ReturnType<typeof mark>>;
}

function mark(
  x: number,
  words: string,
  { colour, dash, position }: { colour: string; dash: number[]; position: 'start' | 'end' },
) {
  return {
    type: 'line' as const,
    xMin: x,
    xMax: x,
    borderColor: colour,
    borderWidth: 1.5,
    borderDash: dash,
    label: {
      display: true,
      content: words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words,
      position,
      backgroundColor: '#ffffffd0',
      color: colour,
      font: { size: 11 },
    },
  };
}

/** More characters don't fit next to a mark. */
const LONGEST = 60;
