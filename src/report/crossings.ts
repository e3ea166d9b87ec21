import type { Results } from '../compare/results.ts';
import { figure } from '../chart/spec.ts';
import { modelledRange, perOperation } from './modelled.ts';

/** Crossings of the guest/host boundary a sample: a row a mode and workload. */
export interface CrossingRow {
  mode: string;
  workload: string;
  total: string;
  /** `5 requests per object`. */
  perOperation: string;
  kinds: string;
  /** What they had the hypervisor do; empty where nothing is told of that. */
  hypercalls: string;
  /** What the counts come to on hardware; empty where that is not known. */
  modelled: string;
}

/** Empty where no mode that was run tells of crossings. */
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

/** The most first. */
function byKind(counts: Record<string, number>): string {
  const kinds = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return kinds.map(([kind, count]) => `${kind} ${figure(count)}`).join(', ');
}
