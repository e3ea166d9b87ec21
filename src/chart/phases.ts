import type { Results } from '../compare/results.ts';
import { lookOf } from './palette.ts';
import { type ChartSpec, FRAME, figure } from './spec.ts';

/** Where the programs' time goes, by phase: a stacked bar a mode, a chart a workload that tells its phases. */
export function phaseCharts(results: Results): ChartSpec[] {
  const workloads = [
    ...new Set(
      results.cells.filter(({ phases }) => Object.keys(phases).length > 0).map(({ workload }) => workload),
    ),
  ];
  return workloads.map((workload, index) => {
    const byMode = new Map(
      results.cells.filter((cell) => cell.workload === workload).map((cell) => [cell.mode, cell.phases]),
    );
    const modes = [...byMode.keys()];
    const phases = [...new Set([...byMode.values()].flatMap((one) => Object.keys(one)))];
    const ms = (mode: string, phase: string) => (byMode.get(mode)?.[phase] ?? 0) / 1e6;
    return {
      id: `phases-${index + 1}`,
      title: `${workload}: phases`,
      caption: 'Mean time of each phase, as the program itself reports it; shorter is better.',
      height: FRAME + 36 * modes.length,
      config: {
        type: 'bar',
        data: {
          labels: modes,
          datasets: phases.map((phase, at) => ({
            label: phase,
            data: modes.map((mode) => ms(mode, phase)),
            backgroundColor: lookOf(at).colour,
            borderColor: '#ffffff',
            borderWidth: 1,
          })),
        },
        options: {
          indexAxis: 'y',
          scales: {
            x: { stacked: true, title: { display: true, text: 'ms (shorter is better)' } },
            y: { stacked: true },
          },
        },
      },
      table: {
        head: ['mode', ...phases.map((phase) => `${phase} (ms)`)],
        rows: modes.map((mode) => [mode, ...phases.map((phase) => figure(ms(mode, phase)))]),
      },
    };
  });
}
