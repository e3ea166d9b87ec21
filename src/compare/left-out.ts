import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import { FIGURE_WORDS, MOST_NAMES, NAME_WORDS } from '../words/told.ts';
import { completedTable } from './samples.ts';
import type { Warning } from './warning.ts';

const KINDS = ['metrics', 'phases', 'crossings', 'hypercalls'] as const;

/**
 * Workloads with figures that belong to no cell: either their names change in every trial without end, or an
 * older vgpubench journaled values that can't be summed or shown.
 */
export function leftOutDoubts(plan: Plan, record: RunRecord): Warning[] {
  const told = new Map<string, { names: Set<string>[]; figures: number }>();
  for (const { id, workload } of plan.trials) {
    const table = completedTable(record, id);
    if (table === undefined) continue;
    const known = told.get(workload) ?? { names: KINDS.map(() => new Set<string>()), figures: 0 };
    told.set(workload, known);
    known.figures += table.leftOut;
    KINDS.forEach((kind, at) => {
      const names = known.names[at];
      for (const name of table[kind].keys()) if (names && names.size <= MOST_NAMES) names.add(name);
    });
  }
  return [...told].flatMap(([workload, { names, figures }]) => {
    const many = KINDS.filter((_, at) => (names[at]?.size ?? 0) > MOST_NAMES);
    const reasons = [
      ...(figures === 0 ? [] : [`${figures} figures of its samples are excluded`]),
      ...(many.length === 0
        ? []
        : [`its trials report more than ${MOST_NAMES} names of ${many.join(' and ')}`]),
    ];
    if (reasons.length === 0) return [];
    const text =
      `${workload}: ${reasons.join(', and ')}. Expected at most ${MOST_NAMES} names, the same in each run of the program ` +
      `(${NAME_WORDS}), and figures ${FIGURE_WORDS}: change what the program prints, and run it again`;
    return [{ code: 'figures-left-out', text }];
  });
}
