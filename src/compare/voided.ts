import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';

/** How many trials of a mode and workload are void and excluded. */
export function voidedIn(plan: Plan, { trials }: RunRecord): (mode: string, workload: string) => number {
  const counts = new Map<string, number>();
  for (const { id, mode, workload } of plan.trials) {
    if (trials.get(id)?.outcome?.kind !== 'void') continue;
    const key = JSON.stringify([mode, workload]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return (mode, workload) => counts.get(JSON.stringify([mode, workload])) ?? 0;
}
