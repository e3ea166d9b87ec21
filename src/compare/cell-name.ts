import type { Cell } from './results.ts';

export type CellName = Pick<Cell, 'mode' | 'workload' | 'metric'>;

export function sameCell(a: CellName, b: CellName): boolean {
  return a.mode === b.mode && a.workload === b.workload && a.metric === b.metric;
}

export function nameOf({ mode, workload, metric }: CellName): string {
  return `${mode}, ${workload}: ${metric}`;
}
