import { jsonText } from '../words/printable.ts';
import { type Figure, figuresOf } from './figures.ts';
import type { ExportFile, Exporter } from './format.ts';

/**
 * For github-action-benchmark’s tools `customBiggerIsBetter` and `customSmallerIsBetter`: one file per
 * direction, because each step of the action handles one. An empty one is left out: the action fails on an
 * empty array.
 */
export const githubActionBenchmark: Exporter = (results) => {
  const figures = figuresOf(results);
  return [
    ...file('bigger-is-better.json', 'higher', figures),
    ...file('smaller-is-better.json', 'lower', figures),
  ];
};

function file(name: string, better: Figure['better'], figures: readonly Figure[]): ExportFile[] {
  const entries = figures.filter((one) => one.better === better).map(entry);
  return entries.length === 0 ? [] : [{ name, text: `${jsonText(entries, 2)}\n` }];
}

function entry({ name, unit, value, low, high, blocks, samples, mode, workload, baseline }: Figure) {
  const range =
    low === null || high === null ? {} : { range: `± ${Number(((high - low) / 2).toPrecision(3))}` };
  const facts = [
    `mode=${mode}`,
    `workload=${workload}`,
    ...(baseline === undefined ? [] : [`of=${baseline}`]),
  ];
  const extra = [`n=${samples}`, `blocks=${blocks}`, ...facts].join('\n');
  return { name, unit, value, ...range, extra };
}
