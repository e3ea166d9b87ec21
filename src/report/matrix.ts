/** Workloads by modes, as values: a row per metric. */
import { percentage } from '../chart/spec.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { intervalWords } from '../words/interval.ts';
import { SIGN } from './wording.ts';

export interface MatrixRow {
  workload: string;
  metric: string;
  unit: string;
  /** Whether it is the first metric of its workload. */
  first: boolean;
  /** By mode. */
  cells: Map<string, Comparison>;
}

/** Compared modes, in the order of the experiment file. */
export function matrixModes(rows: readonly MatrixRow[], { specification }: Results): string[] {
  return Object.keys(specification.modes).filter((mode) => rows.some(({ cells }) => cells.has(mode)));
}

export function matrixRows({ comparisons }: Results): MatrixRow[] {
  const rows = new Map<string, MatrixRow>();
  const met = new Set<string>();
  for (const one of comparisons) {
    const { workload, metric, unit } = one;
    const key = JSON.stringify([workload, metric]);
    const row = rows.get(key) ?? { workload, metric, unit, first: !met.has(workload), cells: new Map() };
    met.add(workload);
    row.cells.set(one.mode, one);
    rows.set(key, row);
  }
  return [...rows.values()];
}

/**
 * The ratio with its sign, as relative performance, and the interval; undefined if no block has both arms.
 */
export function cellWords(one: Comparison): { ratio: string; interval: string } | undefined {
  const { ratio, low, high } = performance(one.ratio, one.low, one.high, one.better);
  if (ratio === null) return undefined;
  return {
    ratio: `${SIGN[one.verdict]} ${percentage(ratio)}`,
    interval: intervalWords(low, high, percentage, 'no interval'),
  };
}

/** The same as a table of text, without intervals. */
export function matrixOf(results: Results): { head: string[]; rows: string[][] } {
  const rows = matrixRows(results);
  const modes = matrixModes(rows, results);
  const told = (one: Comparison | undefined) =>
    one === undefined ? '' : (cellWords(one)?.ratio ?? 'no pair');
  return {
    head: ['workload', 'metric', ...modes],
    rows: rows.map(({ workload, metric, unit, cells }) => [
      workload,
      `${metric} (${unit})`,
      ...modes.map((mode) => told(cells.get(mode))),
    ]),
  };
}
