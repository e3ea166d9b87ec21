import { printable } from '../words/printable.ts';
import type { ChartConfig, ChartSpec } from './spec.ts';

/** A longer label does not fit next to a chart, and takes long to measure. */
const LONGEST_LABEL = 120;

/** Beyond this, Chart.js searches forever for the ends of an axis, or finds none. */
const MOST = 1e100;

/**
 * The chart reduced to what every renderer can draw, whatever a guest called its figures and however large
 * they are.
 */
export function drawable(spec: ChartSpec): ChartSpec {
  return { ...spec, title: label(spec.title), config: part(spec.config) as ChartConfig };
}

function part(value: unknown): unknown {
  if (typeof value === 'string') return label(value);
  if (typeof value === 'number') return Math.abs(value) > MOST ? Math.sign(value) * MOST : value;
  if (Array.isArray(value)) return value.map(part);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, part(inner)]));
}

function label(text: string): string {
  const shown = printable(text.slice(0, LONGEST_LABEL + 1));
  return shown.length > LONGEST_LABEL ? `${shown.slice(0, LONGEST_LABEL - 1)}…` : shown;
}
