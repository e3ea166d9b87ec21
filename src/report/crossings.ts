import type { Results } from '../compare/results.ts';
import { figure } from '../chart/spec.ts';

/** Crossings of the guest/host boundary a sample: a row a mode and workload. */
export interface CrossingRow {
  mode: string;
  workload: string;
  total: string;
  kinds: string;
  /** What they had the hypervisor do; empty where nothing is told of that. */
  hypercalls: string;
}

/** Empty where no mode that was run tells of crossings. */
export function crossingRows({ comparisons }: Results): CrossingRow[] {
  if (comparisons.every(({ crossings }) => Object.keys(crossings).length === 0)) return [];
  const rows = new Map<string, CrossingRow>();
  for (const { mode, workload, crossings, hypercalls } of comparisons) {
    rows.set(JSON.stringify([mode, workload]), {
      mode,
      workload,
      total: figure(Object.values(crossings).reduce((sum, count) => sum + count, 0)),
      kinds: byKind(crossings),
      hypercalls: byKind(hypercalls),
    });
  }
  return [...rows.values()];
}

/** The most first. */
function byKind(counts: Record<string, number>): string {
  const kinds = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return kinds.map(([kind, count]) => `${kind} ${figure(count)}`).join(', ');
}
