import { jsonText } from '../words/printable.ts';
import { type Figure, distinct, figuresOf } from './figures.ts';
import type { Exporter } from './format.ts';

/** Bencher Metric Format, for `bencher run --adapter json --file bencher.json`: benchmark, measure, value and its ends. */
export const bencher: Exporter = (results) => {
  const benchmarks = new Map<string, Figure[]>();
  for (const figure of figuresOf(results)) {
    const name = `${figure.mode}/${figure.workload}`;
    benchmarks.set(name, [...(benchmarks.get(name) ?? []), figure]);
  }
  const metrics = [...benchmarks].map(([name, figures]) => [name, measuresOf(figures)] as const);
  return [{ name: 'bencher.json', text: `${jsonText(Object.fromEntries(metrics), 2)}\n` }];
};

interface Metric {
  value: number;
  lower_value?: number;
  upper_value?: number;
}

function measuresOf(figures: readonly Figure[]): Record<string, Metric> {
  const measures = distinct(figures.map(measureOf), (text, count) => `${text}-${count}`);
  return Object.fromEntries(
    figures.map(({ value, low, high }, at) => {
      const ends = low === null || high === null ? {} : { lower_value: low, upper_value: high };
      return [measures[at] ?? '', { value, ...ends }] as const;
    }),
  );
}

function measureOf({ metric, baseline }: Figure): string {
  return slug(baseline === undefined ? metric : `${metric} relative`);
}

/** Bencher's form of measure names: lower-case letters, digits and dashes. */
function slug(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? ['metric'];
  return words.join('-');
}
