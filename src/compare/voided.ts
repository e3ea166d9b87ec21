import type { Plan } from '../plan/plan.ts';
import type { Event } from '../record/event.ts';
import { progressOf } from '../record/progress.ts';

/** How many trials of a mode and workload are void, in no figure. The journal is read once, for all that is asked. */
export function voidedIn(plan: Plan, events: readonly Event[]): (mode: string, workload: string) => number {
  const { trials } = progressOf(events);
  const counts = new Map<string, number>();
  for (const { id, mode, workload } of plan.trials) {
    if (trials.get(id)?.outcome?.kind !== 'void') continue;
    const key = JSON.stringify([mode, workload]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return (mode, workload) => counts.get(JSON.stringify([mode, workload])) ?? 0;
}
