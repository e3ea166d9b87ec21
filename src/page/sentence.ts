/** What a chart says about the part under the pointer. */
import { figure } from '../chart/spec.ts';

/** Fills in the template's placeholders in braces: texts unchanged, numbers with three significant digits. */
export function sentenceOf(template: string, parts: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
    return typeof part === 'number' ? figure(part) : typeof part === 'string' ? part.trim() : 'none';
  });
}

/** A part as reported by Chart.js. */
export interface Pointed {
  label: string;
  dataset: { label?: string };
  parsed: unknown;
  raw: unknown;
}

/** The placeholders of a chart whose values lie along `axis`. */
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
