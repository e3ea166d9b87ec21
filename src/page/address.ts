/**
 * The reader's place on the page, kept in its address, so that it can be sent, bookmarked and returned to.
 */

export interface CellName {
  mode: string;
  workload: string;
  metric: string;
}

const CELL = '#cell=';

/** `#cell=mode/workload/metric`, each part encoded. */
export function addressOf({ mode, workload, metric }: CellName): string {
  return CELL + [mode, workload, metric].map(encodeURIComponent).join('/');
}

/** Undefined if the address names no cell. */
export function cellAt(hash: string): CellName | undefined {
  if (!hash.startsWith(CELL)) return undefined;
  try {
    const [mode, workload, metric, ...more] = hash.slice(CELL.length).split('/').map(decodeURIComponent);
    if (mode === undefined || workload === undefined || metric === undefined || more.length > 0)
      return undefined;
    return { mode, workload, metric };
  } catch {
    // Half of an encoded character: the address was truncated.
    return undefined;
  }
}

export function isSameCell(a: CellName, b: CellName): boolean {
  return a.mode === b.mode && a.workload === b.workload && a.metric === b.metric;
}
