/** Draws a chart on a canvas of the page. */
import type { Chart, ChartConfiguration, ChartOptions } from 'chart.js';
import { chartKit, LEGEND } from '../chart/kit.ts';
import type { PageChart } from '../report/page-data.ts';
import { type Pointed, partsOf, sentenceOf } from './sentence.ts';

const Kit = chartKit();

type Scales = Record<string, { type?: string; min?: number }>;

/** Whether one of its axes is logarithmic, so that the reader can switch it to linear. */
export function isLogarithmic({ config }: PageChart): boolean {
  return Object.values(scalesOf(config.options)).some(({ type }) => type === 'logarithmic');
}

/** @param linear Whether to draw logarithmic axes as linear ones, from 0. */
export function drawChart(canvas: HTMLCanvasElement, chart: PageChart, linear: boolean): Chart {
  const { type, data, options } = structuredClone(chart.config) as ChartConfiguration;
  const own = options ?? {};
  const axis = own.indexAxis === 'y' ? 'x' : 'y';
  return new Kit(canvas, {
    type,
    data,
    options: {
      ...own,
      ...{ responsive: true, maintainAspectRatio: false, animation: false },
      scales: linear ? linearScales(scalesOf(own)) : scalesOf(own),
      plugins: {
        ...own.plugins,
        legend: LEGEND,
        tooltip: {
          displayColors: false,
          filter: ({ dataset }: Pointed) => type === 'boxplot' || dataset.label !== '',
          callbacks: {
            title: () => '',
            label: (pointed: Pointed) => sentenceOf(chart.sentence, partsOf(pointed, axis)),
          },
        },
      },
    } as ChartOptions,
  });
}

function scalesOf(options: object | undefined): Scales {
  return (options as { scales?: Scales } | undefined)?.scales ?? {};
}

function linearScales(scales: Scales): object {
  return Object.fromEntries(
    Object.entries(scales).map(([id, { min, ...scale }]) => [
      id,
      scale.type === 'logarithmic'
        ? { ...scale, type: 'linear', beginAtZero: true }
        : { ...scale, ...(min === undefined ? {} : { min }) },
    ]),
  );
}
