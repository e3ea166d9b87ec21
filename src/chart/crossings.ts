import type { Results } from '../compare/results.ts';
import type { ChartSpec } from './spec.ts';
import { stackedBars } from './stacked.ts';

/**
 * How often each mode crosses the boundary of guest and host, by kind: a chart per workload that counts
 * crossings.
 */
export function crossingCharts(results: Results): ChartSpec[] {
  const telling = results.comparisons.filter(({ crossings }) => Object.keys(crossings).length > 0);
  const workloads = [...new Set(telling.map(({ workload }) => workload))];
  return workloads.map((workload, index) =>
    stackedBars({
      id: `crossings-${index + 1}`,
      workload,
      title: `${workload}: boundary crossings`,
      caption:
        'Mean crossings of the boundary between guest and host per run of the workload, by kind, with the six most frequent shown separately; fewer is better.',
      byMode: new Map(
        telling.filter((one) => one.workload === workload).map(({ mode, crossings }) => [mode, crossings]),
      ),
      sentence: '{label}: {value} crossings per run are {series}.',
      axis: 'crossings per run (fewer is better)',
      column: (kind) => kind,
    }),
  );
}
