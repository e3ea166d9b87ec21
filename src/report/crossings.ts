import type { Results } from '../compare/results.ts';
import { figure } from '../chart/spec.ts';

/** Crossings of the guest/host boundary a sample: a row a mode and workload. */
export interface CrossingRow {
  mode: string;
  workload: string;
  total: string;
  kinds: string;
}

/** Empty where no mode that was run tells of crossings. */
export function crossingRows({ comparisons }: Results): CrossingRow[] {
  if (comparisons.every(({ crossings }) => Object.keys(crossings).length === 0)) return [];
  const rows = new Map<string, CrossingRow>();
  for (const { mode, workload, crossings } of comparisons) {
    const kinds = Object.entries(crossings).sort(([, a], [, b]) => b - a);
    rows.set(JSON.stringify([mode, workload]), {
      mode,
      workload,
      total: figure(kinds.reduce((sum, [, count]) => sum + count, 0)),
      kinds: kinds.map(([kind, count]) => `${kind} ${figure(count)}`).join(', '),
    });
  }
  return [...rows.values()];
}
