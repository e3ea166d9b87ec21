import type { Cell, Results } from '../compare/results.ts';

/** Metrics that have charts of their own. Each chart takes a tenth of a second, and room in the page. */
const MOST = 100;

/** The metrics of a run, by workload, that are drawn one by one, and how many are not. */
export function chartedMetrics({ cells }: Pick<Results, 'cells'>): { shown: [string, Cell][]; left: number } {
  const all = new Map(cells.map((cell) => [`${cell.workload}: ${cell.metric}`, cell]));
  return { shown: [...all].slice(0, MOST), left: Math.max(0, all.size - MOST) };
}
