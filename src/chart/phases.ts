import type { Results } from '../compare/results.ts';
import type { ChartSpec } from './spec.ts';
import { stackedBars } from './stacked.ts';

/**
 * Where the programs' time goes, by phase: a stacked bar per mode, a chart per workload that reports its
 * phases.
 */
export function phaseCharts(results: Results): ChartSpec[] {
  const telling = results.cells.filter(({ phases }) => Object.keys(phases).length > 0);
  const workloads = [...new Set(telling.map(({ workload }) => workload))];
  return workloads.map((workload, index) =>
    stackedBars({
      id: `phases-${index + 1}`,
      workload,
      title: `${workload}: phases`,
      caption: 'Mean time of each phase, as reported by the program; shorter is better.',
      byMode: new Map(
        results.cells
          .filter((cell) => cell.workload === workload)
          .map(({ mode, phases }) => [mode, inMs(phases)]),
      ),
      sentence: '{label}: {series} takes {value} ms.',
      axis: 'ms (shorter is better)',
      column: (phase) => `${phase} (ms)`,
    }),
  );
}

function inMs(phases: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(phases).map(([phase, ns]) => [phase, ns / 1e6]));
}
