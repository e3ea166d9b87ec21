/** Where on the page a reader is, as its address keeps it: it can be sent, pasted and gone back to. */

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

/** Undefined where the address is of no cell. */
export function cellAt(hash: string): CellName | undefined {
  if (!hash.startsWith(CELL)) return undefined;
  try {
    const [mode, workload, metric, ...more] = hash.slice(CELL.length).split('/').map(decodeURIComponent);
    if (mode === undefined || workload === undefined || metric === undefined || more.length > 0)
      return undefined;
    return { mode, workload, metric };
  } catch {
    // Half of an encoded character: cut off on its way.
    return undefined;
  }
}

export function isSameCell(a: CellName, b: CellName): boolean {
  return a.mode === b.mode && a.workload === b.workload && a.metric === b.metric;
}
