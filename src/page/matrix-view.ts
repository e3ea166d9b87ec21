/** Which cells of the matrix are shown, and in which order. */
import type { PageCell } from '../report/page-data.ts';

/** What the reader asks for. Empty: all. */
export interface Asked {
  mode: string;
  workload: string;
  /** The metric's name; empty: the first of each workload; `*`: all. */
  metric: string;
  verdict: string;
  /** A mode, or empty for the workload column; undefined: the order of the experiment file. */
  sorted: { column: string; direction: 'ascending' | 'descending' } | undefined;
}

export const NOTHING_ASKED: Asked = {
  mode: '',
  workload: '',
  metric: '',
  verdict: '',
  sorted: undefined,
};

export const EVERY_METRIC = '*';

export interface Row {
  workload: string;
  metric: string;
  unit: string;
  /** By mode, those that are shown. */
  cells: Map<string, PageCell>;
}

/** Rows with at least one visible cell. */
export function rowsFor(cells: readonly PageCell[], asked: Asked): Row[] {
  const rows = new Map<string, Row>();
  for (const cell of cells) {
    if (!isAsked(cell, asked)) continue;
    const { workload, metric, unit } = cell;
    const key = JSON.stringify([workload, metric]);
    const row = rows.get(key) ?? { workload, metric, unit, cells: new Map<string, PageCell>() };
    row.cells.set(cell.mode, cell);
    rows.set(key, row);
  }
  return sortedRows([...rows.values()], asked.sorted);
}

/** Modes that have a cell in the rows, in the given order. */
export function columnsFor(rows: readonly Row[], modes: readonly string[]): string[] {
  return modes.filter((mode) => rows.some(({ cells }) => cells.has(mode)));
}

/**
 * The effect of clicks on a column's head: ascending, with the slowest first; then descending; then the
 * original order.
 */
export function sortedNext(sorted: Asked['sorted'], column: string): Asked['sorted'] {
  if (sorted?.column !== column) return { column, direction: 'ascending' };
  return sorted.direction === 'ascending' ? { column, direction: 'descending' } : undefined;
}

function isAsked(cell: PageCell, { mode, workload, metric, verdict }: Asked): boolean {
  return (
    (mode === '' || cell.mode === mode) &&
    (workload === '' || cell.workload === workload) &&
    (metric === EVERY_METRIC || (metric === '' ? cell.first : cell.metric === metric)) &&
    (verdict === '' || cell.verdict === verdict)
  );
}

/** Rows without a figure in the column come last in either order. */
function sortedRows(rows: Row[], sorted: Asked['sorted']): Row[] {
  if (sorted === undefined) return rows;
  const { column, direction } = sorted;
  const sign = direction === 'ascending' ? 1 : -1;
  if (column === '') return rows.toSorted((a, b) => sign * (a.workload < b.workload ? -1 : 1));
  const shareIn = ({ cells }: Row) => cells.get(column)?.share ?? null;
  return rows.toSorted((a, b) => {
    const [one, other] = [shareIn(a), shareIn(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return sign * (one - other);
  });
}
