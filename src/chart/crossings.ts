import type { Results } from '../compare/results.ts';
import { lookOf } from './palette.ts';
import { type ChartSpec, figure } from './spec.ts';

/** How often each mode crosses the boundary of guest and host, by kind: a chart a workload that tells. */
export function crossingCharts(results: Results): ChartSpec[] {
  const telling = results.comparisons.filter(({ crossings }) => Object.keys(crossings).length > 0);
  const workloads = [...new Set(telling.map(({ workload }) => workload))];
  return workloads.map((workload, index) => {
    const byMode = new Map(
      telling.filter((one) => one.workload === workload).map(({ mode, crossings }) => [mode, crossings]),
    );
    const modes = [...byMode.keys()];
    const kinds = [...new Set([...byMode.values()].flatMap((one) => Object.keys(one)))];
    const count = (mode: string, kind: string) => byMode.get(mode)?.[kind] ?? 0;
    return {
      id: `crossings-${index + 1}`,
      title: `${workload}: boundary crossings`,
      caption:
        'Mean crossings of the boundary between guest and host in a run of the workload, by kind; fewer is better.',
      height: 110 + 36 * modes.length,
      config: {
        type: 'bar',
        data: {
          labels: modes,
          datasets: kinds.map((kind, at) => ({
            label: kind,
            data: modes.map((mode) => count(mode, kind)),
            backgroundColor: lookOf(at).colour,
            borderColor: '#ffffff',
            borderWidth: 1,
          })),
        },
        options: {
          indexAxis: 'y',
          scales: {
            x: { stacked: true, title: { display: true, text: 'crossings a run (fewer is better)' } },
            y: { stacked: true },
          },
        },
      },
      table: {
        head: ['mode', ...kinds],
        rows: modes.map((mode) => [mode, ...kinds.map((kind) => figure(count(mode, kind)))]),
      },
    };
  });
}
