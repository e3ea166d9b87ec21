import type { Results } from '../compare/results.ts';
import { crossingCharts } from './crossings.ts';
import { distributionCharts } from './distribution.ts';
import { drawable } from './drawable.ts';
import { overheadCharts } from './overhead.ts';
import { phaseCharts } from './phases.ts';
import { relativeChart } from './relative.ts';
import { seriesCharts } from './series.ts';
import { sharingCharts } from './sharing.ts';
import type { ChartSpec } from './spec.ts';

/** All charts of a report, in the order in which they are shown. */
export function chartsOf(results: Results): ChartSpec[] {
  const relative = relativeChart(results);
  const charts = [
    ...(relative === undefined ? [] : [relative]),
    ...overheadCharts(results),
    ...sharingCharts(results),
    ...phaseCharts(results),
    ...crossingCharts(results),
    ...distributionCharts(results),
    ...seriesCharts(results),
  ];
  // A chart travels without its report: what its figures are must stand on it.
  const { lab } = results.versions;
  const titled =
    lab === undefined ? charts : charts.map((one) => ({ ...one, title: `${one.title} (lab: ${lab})` }));
  return titled.map(drawable);
}
