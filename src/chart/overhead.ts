import type { Overhead } from '../compare/overhead.ts';
import { baselineIn, hasSeveralBaselines } from '../compare/baselines.ts';
import type { Results } from '../compare/results.ts';
import { intervalWords } from '../words/interval.ts';
import { lookOf, modesOf } from './palette.ts';
import { type ChartDatasets, type ChartSpec, figure, percentage, short } from './spec.ts';

const CURVE = 40;
const NS_PER_US = 1000;

/** Time versus work per crossing: measured points, and the fitted curve. One chart per baseline. */
export function overheadCharts(results: Results): ChartSpec[] {
  const groups = new Map<string, { baseline: string; overheads: Overhead[] }>();
  for (const one of results.overheads) {
    const baseline = baselineIn(one.mode, results);
    const key = JSON.stringify([one.metric, one.per, baseline]);
    const group = groups.get(key) ?? { baseline, overheads: [] };
    group.overheads.push(one);
    groups.set(key, group);
  }
  return [...groups.values()].map((group, index) => chart(results, group, `overhead-${index + 1}`));
}

function chart(
  results: Results,
  { baseline, overheads }: { baseline: string; overheads: readonly Overhead[] },
  id: string,
): ChartSpec {
  const modes = modesOf(results);
  const [{ metric, per }] = overheads as [Overhead, ...Overhead[]];
  const work = per === 'crossing' ? `${baseline}’s time ÷ crossings counted` : `${baseline}’s time`;
  const silent = overheads.map(({ mode }) => mode).join(', ');
  return {
    id,
    of: 'run',
    title: `${metric}: overhead by work per ${per}${hasSeveralBaselines(results) ? `, relative to ${baseline}` : ''}`,
    caption:
      `Time relative to ${baseline} (1 is no overhead, lower is better) by the work per ${per}, measured as ${work}; one point per workload. ` +
      `Curve: the limit for large work, plus a fixed cost per ${per} ÷ work per ${per} (relative least squares).` +
      (per === 'run' ? ` No crossings were counted in ${silent}, so there is no work per crossing.` : ''),
    height: 320,
    config: {
      type: 'scatter',
      data: { datasets: overheads.flatMap((one) => datasets(one, modes)) },
      options: {
        scales: {
          x: { type: 'logarithmic', title: { display: true, text: `work per ${per}, µs (${work})` } },
          y: { type: 'logarithmic', title: { display: true, text: `time ÷ ${baseline} (lower is better)` } },
        },
      },
    },
    sentence: `{series}: {y} times the time of ${baseline}, at {x} µs of work per ${per}.`,
    table: {
      head: [
        ...['mode', 'workload', 'crossings per run', `work per ${per} (µs)`, 'time ÷ baseline', 'interval'],
        ...['fitted limit', `fitted cost per ${per} (µs)`, 'note'],
      ],
      rows: overheads.flatMap(rows),
    },
  };
}

function rows({ mode, points, fit, note }: Overhead): string[][] {
  return points.map(({ workload, crossings, xNs, time, low, high }) => [
    mode,
    workload,
    figure(crossings),
    xNs === null ? 'no crossings' : figure(xNs / NS_PER_US),
    percentage(time),
    intervalWords(low, high, percentage),
    fit === null ? 'none' : percentage(fit.limit.value),
    fit === null ? 'none' : figure(fit.costNs.value / NS_PER_US),
    note ?? '',
  ]);
}

function datasets({ mode, points, fit }: Overhead, modes: readonly string[]): ChartDatasets<'scatter'> {
  const { colour, point, dash } = lookOf(modes.indexOf(mode));
  const drawn = points.flatMap(({ xNs, time }) => (xNs === null ? [] : [{ xNs, time }]));
  const us = (xNs: number) => short(xNs / NS_PER_US);
  const [from, to] = [drawn[0]?.xNs ?? 1, drawn.at(-1)?.xNs ?? 1];
  const curve = Array.from({ length: CURVE }, (_, i) => from * (to / from) ** (i / (CURVE - 1)));
  return [
    {
      label: mode,
      data: drawn.map(({ xNs, time }) => ({ x: us(xNs), y: short(time) })),
      pointStyle: point,
      pointRadius: 5,
      borderColor: colour,
      backgroundColor: colour,
    },
    ...(fit === null
      ? []
      : [
          {
            label: '',
            data: curve
              .map((x) => ({ x: us(x), y: short(fit.limit.value + fit.costNs.value / x) }))
              // Results of a wild fit may not fit on a logarithmic axis.
              .filter(({ y }) => y > 0),
            showLine: true,
            pointRadius: 0,
            borderColor: colour,
            borderDash: dash,
            borderWidth: 1.5,
          },
        ]),
  ];
}
