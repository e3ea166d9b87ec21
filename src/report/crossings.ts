import type { Results } from '../compare/results.ts';
import { figure } from '../chart/spec.ts';
import { modelledRange, perOperation } from './modelled.ts';

/** Crossings of the guest/host boundary per sample: a row per mode and workload. */
export interface CrossingRow {
  mode: string;
  workload: string;
  total: string;
  /** `5 requests per object`. */
  perOperation: string;
  kinds: string;
  /** What they made the hypervisor do; empty if that was not counted. */
  hypercalls: string;
  /** The performance modelled for hardware from the counts; empty if unknown. */
  modelled: string;
}

/** Empty if no mode of the run counts crossings. */
export function crossingRows(results: Results): CrossingRow[] {
  const { comparisons } = results;
  if (comparisons.every(({ crossings }) => Object.keys(crossings).length === 0)) return [];
  const rows = new Map<string, CrossingRow>();
  for (const one of comparisons) {
    const { mode, workload, crossings, hypercalls } = one;
    rows.set(JSON.stringify([mode, workload]), {
      mode,
      workload,
      total: figure(Object.values(crossings).reduce((sum, count) => sum + count, 0)),
      perOperation: perOperation(one, results),
      kinds: byKind(crossings),
      hypercalls: byKind(hypercalls),
      modelled: modelledRange(one, results),
    });
  }
  return [...rows.values()];
}

/** Most frequent first. */
function byKind(counts: Record<string, number>): string {
  const kinds = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return kinds.map(([kind, count]) => `${kind} ${figure(count)}`).join(', ');
}
