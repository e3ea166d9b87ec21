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

/** All charts of a report, in order of appearance. */
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
  // A chart may be used without its report, so it must state what its figures are.
  const { lab } = results.versions;
  const titled =
    lab === undefined ? charts : charts.map((one) => ({ ...one, title: `${one.title} (lab: ${lab})` }));
  return titled.map(drawable);
}
