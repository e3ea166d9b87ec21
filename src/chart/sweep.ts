import type { Results } from '../compare/results.ts';
import { type Sweep, sweepsOf } from '../compare/sweep.ts';
import { lookOf } from './palette.ts';
import { type ChartSpec, figure, percentage } from './spec.ts';

const CURVE = 40;

/** Time against the amount of work, where workloads sweep it: points as measured, and the fitted curve. */
export function sweepCharts(results: Results): ChartSpec[] {
  const modes = [...new Set(results.cells.map(({ mode }) => mode))];
  const families = new Map<string, Sweep[]>();
  for (const sweep of sweepsOf(results)) {
    const key = `${sweep.family}: ${sweep.metric}`;
    families.set(key, [...(families.get(key) ?? []), sweep]);
  }
  return [...families].map(([name, sweeps], index) => ({
    id: `sweep-${index + 1}`,
    title: `${name}: overhead by amount of work`,
    caption:
      `Time in relation to ${results.baseline} (1 is no overhead, lower is better) by the number at the end of the workload’s name. ` +
      'Curve: what remains for large work, plus a fixed cost ÷ work (least squares).',
    height: 300,
    config: {
      type: 'scatter',
      data: { datasets: sweeps.flatMap((sweep) => datasets(sweep, modes)) },
      options: {
        scales: {
          x: { type: 'logarithmic', title: { display: true, text: 'amount of work' } },
          y: { title: { display: true, text: `time ÷ ${results.baseline} (lower is better)` } },
        },
      },
    },
    table: {
      head: ['mode', 'work', 'time ÷ baseline', 'interval', 'fitted limit', 'fitted fixed cost (work)'],
      rows: sweeps.flatMap(({ mode, points, fit }) =>
        points.map(({ x, time, low, high }) => [
          mode,
          String(x),
          percentage(time),
          low === null || high === null ? 'none' : `${percentage(low)} to ${percentage(high)}`,
          percentage(fit.limit),
          figure(fit.cost),
        ]),
      ),
    },
  }));
}

function datasets({ mode, points, fit }: Sweep, modes: readonly string[]): object[] {
  const { colour, point, dash } = lookOf(modes.indexOf(mode));
  const [from, to] = [points[0]?.x ?? 1, points.at(-1)?.x ?? 1];
  const curve = Array.from({ length: CURVE }, (_, i) => from * (to / from) ** (i / (CURVE - 1)));
  return [
    {
      label: mode,
      data: points.map(({ x, time }) => ({ x, y: time })),
      pointStyle: point,
      radius: 5,
      borderColor: colour,
      backgroundColor: colour,
    },
    {
      label: '',
      data: curve.map((x) => ({ x, y: fit.limit + fit.cost / x })),
      showLine: true,
      radius: 0,
      borderColor: colour,
      borderDash: dash,
      borderWidth: 1.5,
    },
  ];
}
