/** The parts of Chart.js that draw our charts, the same on the page and in files. */
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

/** Chart.js itself, with the parts that our charts use. */
export function chartKit(): typeof Chart {
  Chart.register(
    ...[BarController, ScatterController, BarWithErrorBarsController, BoxPlotController],
    ...[BarElement, LineElement, PointElement, BarWithErrorBar, BoxAndWiskers],
    ...[CategoryScale, LinearScale, LogarithmicScale, Legend, Title, Tooltip, annotation],
  );
  Chart.defaults.font.family = FONT_FAMILY;
  // Otherwise ticks are formatted in the locale of the machine.
  Chart.defaults.locale = 'en-GB';
  return Chart;
}

/** Unnamed series, such as a curve through named points, are not in the legend. */
export const LEGEND: NonNullable<NonNullable<ChartOptions['plugins']>['legend']> = {
  labels: { usePointStyle: true, filter: ({ text }) => text !== '' },
};
