/** What Chart.js draws our charts with, on the page and in the files alike. */
import { BoxAndWiskers, BoxPlotController } from '@sgratzl/chartjs-chart-boxplot';
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartOptions,
  Legend,
  LinearScale,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Title,
  Tooltip,
} from 'chart.js';
import { BarWithErrorBar, BarWithErrorBarsController } from 'chartjs-chart-error-bars';
import annotation from 'chartjs-plugin-annotation';
import { FONT_FAMILY } from './spec.ts';

/** Chart.js itself, with the parts that our charts are made of. */
export function chartKit(): typeof Chart {
  Chart.register(
    ...[BarController, ScatterController, BarWithErrorBarsController, BoxPlotController],
    ...[BarElement, LineElement, PointElement, BarWithErrorBar, BoxAndWiskers],
    ...[CategoryScale, LinearScale, LogarithmicScale, Legend, Title, Tooltip, annotation],
  );
  Chart.defaults.font.family = FONT_FAMILY;
  // Else ticks are written as whoever's machine it is would write them.
  Chart.defaults.locale = 'en-GB';
  return Chart;
}

/** Series without a name, such as a curve through named points, have no place in the legend. */
export const LEGEND: NonNullable<NonNullable<ChartOptions['plugins']>['legend']> = {
  labels: { usePointStyle: true, filter: ({ text }) => text !== '' },
};
