import type { Results } from '../compare/results.ts';
import { type Sharing, sharingOf } from '../compare/sharing.ts';
import { lookOf } from './palette.ts';
import { type ChartSpec, figure } from './spec.ts';

/** What guests that run together get done, and how evenly, over their number: a chart a workload and metric. */
export function sharingCharts(results: Results): ChartSpec[] {
  const groups = new Map<string, Sharing[]>();
  for (const one of sharingOf(results)) {
    const key = `${one.workload}: ${one.metric}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].map(([name, shared], index) => {
    const families = [...new Set(shared.map(({ family }) => family))];
    const most = Math.max(...shared.map(({ guests }) => guests));
    return {
      id: `sharing-${index + 1}`,
      title: `${name}: guests together`,
      caption:
        'Whole lines: what all guests together get done, in relation to the fewest (higher is better). Broken lines: Jain’s index of what each got, 1 is fair (higher is better).',
      height: 280,
      config: {
        type: 'scatter',
        data: {
          datasets: families.flatMap((family, at) => {
            const own = shared.filter((one) => one.family === family);
            const line = { showLine: true, radius: 5, borderWidth: 1.5, pointStyle: lookOf(at).point };
            const colours = { borderColor: lookOf(at).colour, backgroundColor: lookOf(at).colour };
            return [
              {
                label: `${family}: throughput`,
                data: own.map(({ guests, aggregate }) => ({ x: guests, y: aggregate })),
                ...line,
                ...colours,
              },
              {
                label: `${family}: fairness`,
                data: own.map(({ guests, fairness }) => ({ x: guests, y: fairness })),
                ...line,
                ...colours,
                borderDash: [4, 4],
              },
            ];
          }),
        },
        options: {
          scales: {
            x: {
              title: { display: true, text: 'guests' },
              min: 0.5,
              max: most + 0.5,
              ticks: { stepSize: 1, precision: 0 },
            },
            y: {
              beginAtZero: true,
              title: { display: true, text: 'throughput, fairness (higher is better)' },
            },
          },
        },
      },
      table: {
        head: ['mode', 'guests', 'throughput together', 'Jain’s index'],
        rows: shared.map(({ mode, guests, aggregate, fairness }) => [
          mode,
          String(guests),
          figure(aggregate),
          fairness.toFixed(3),
        ]),
      },
    };
  });
}
