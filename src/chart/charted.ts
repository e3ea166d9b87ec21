import type { Cell, Results } from '../compare/results.ts';

/**
 * The number of metrics with their own charts. Each chart takes a tenth of a second, and space in the page.
 */
const MOST = 100;

/** The metrics of a run, by workload, that get their own charts, and how many do not. */
export function chartedMetrics({ cells }: Pick<Results, 'cells'>): { shown: [string, Cell][]; left: number } {
  const all = new Map(cells.map((cell) => [`${cell.workload}: ${cell.metric}`, cell]));
  return { shown: [...all].slice(0, MOST), left: Math.max(0, all.size - MOST) };
}
