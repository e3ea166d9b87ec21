// Types that the plugins add to Chart.js's own.
import type {} from '@sgratzl/chartjs-chart-boxplot';
import type { ChartConfiguration, DefaultDataPoint } from 'chart.js';
import type {} from 'chartjs-chart-error-bars';
import type {} from 'chartjs-plugin-annotation';

/**
 * For a series of bars without whiskers. An empty object, because the plugin asks a point for its whiskers,
 * which null lacks.
 */
type Nothing = Record<string, never> | null;

type Kind = 'bar' | 'barWithErrorBars' | 'boxplot' | 'scatter';

/** What Chart.js draws, of one kind or of any. */
export type ChartConfig<K extends Kind = Kind> = ChartConfiguration<
  K,
  (DefaultDataPoint<K>[number] | Nothing)[]
>;
export type ChartDatasets<K extends Kind> = ChartConfig<K>['data']['datasets'];

/**
 * A chart as plain data: the input of Chart.js, for the page and for a canvas, without functions, and the
 * same figures as a table for readers who can't see it.
 */
export interface ChartSpec {
  /** Unique, for file names and element ids. */
  id: string;
  /** The whole run, which fits a paper, or one workload, and of that one metric, or all. */
  of: 'run' | { workload: string; metric?: string };
  title: string;
  /** What it shows and how to read it, in one or two sentences. */
  caption: string;
  /** CSS pixels. */
  height: number;
  config: ChartConfig;
  /**
   * The text for the part under the pointer. In braces: `series`, `label`, `block`, and the numbers `x`, `y`,
   * `value`, `low`, `high`, `q1`, `median` and `q3` if it has them.
   */
  sentence: string;
  table: { head: string[]; rows: string[][] };
}

/**
 * The typeface of charts and page, with fallbacks; without a choice, a canvas would use the first font it
 * finds.
 */
export const FONT_FAMILY = "'DejaVu Sans', 'Helvetica Neue', Arial, sans-serif";

/** Ratio of largest to smallest beyond which the smallest is invisible on a linear axis. */
const WIDE = 20;

/** Whether figures, of which only those above 0 count, need a logarithmic axis. */
export function isWide(figures: readonly number[]): boolean {
  const shown = figures.filter((value) => value > 0 && Number.isFinite(value));
  return shown.length > 0 && Math.max(...shown) > WIDE * Math.min(...shown);
}

/** The kind of axis for these figures; on a logarithmic one none may be 0 or less. */
export function axisFor(figures: readonly number[]): 'linear' | 'logarithmic' {
  return figures.every((value) => value > 0) && isWide(figures) ? 'logarithmic' : 'linear';
}

/** The height of title, legend and axis: with less, a chart of one bar has no space for it. */
export const FRAME = 140;

/** Three significant digits, without an exponent where people don't expect one. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) return value.toExponential(2);
  return size >= 1000 ? Math.round(value).toLocaleString('en-GB') : String(Number(value.toPrecision(3)));
}

/**
 * A share as a percentage: 0.9731 is 97.3%; below one percent, two significant digits, as in 0.42% or
 * 0.0031%; beyond that, an exponent.
 */
export function percentage(share: number): string {
  const percent = share * 100;
  const size = Math.abs(percent);
  if (size !== 0 && (size >= 1e9 || size < 1e-9)) return `${percent.toExponential(1)}%`;
  const below = percent === 0 ? 0 : -Math.floor(Math.log10(size));
  return `${percent.toFixed(below > 0 ? below + 1 : 1)}%`;
}

/** Without invisible digits, which only make a page larger. */
export function short(value: number): number {
  return Number(value.toPrecision(6));
}
