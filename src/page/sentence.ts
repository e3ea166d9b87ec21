/** What a chart says of a part that is pointed at. */
import { figure } from '../chart/spec.ts';

/** The template with what stands in braces replaced: texts as they are, numbers by their three telling digits. */
export function sentenceOf(template: string, parts: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
    return typeof part === 'number' ? figure(part) : typeof part === 'string' ? part.trim() : 'none';
  });
}

/** Of a part as Chart.js tells it. */
export interface Pointed {
  label: string;
  dataset: { label?: string };
  parsed: unknown;
  raw: unknown;
}

/** What a template may name, of a chart whose values lie along `axis`. */
export function partsOf({ label, dataset, parsed, raw }: Pointed, axis: 'x' | 'y'): Record<string, unknown> {
  const found = Object(parsed) as Record<string, unknown>;
  const ends = Object(raw) as Record<string, unknown>;
  const { x } = found;
  return {
    ...found,
    series: dataset.label ?? '',
    label,
    value: found[axis],
    low: ends[`${axis}Min`],
    high: ends[`${axis}Max`],
    ...(typeof x === 'number' ? { block: String(Math.round(x)) } : {}),
  };
}
