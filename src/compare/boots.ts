import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';

/** The boots that a mode's targets were in while they ran a block, as one text; null where it isn't known. */
export type BootsOf = (mode: string, block: number) => string | null;

/**
 * Which boots each visit ran in, by the boot ids that targets told when they were greeted. Known for all trials of
 * a run or for none, since blocks that share a boot unnoticed would pass for independent. An interrupted trial
 * that went on after a reboot counts to the boot that it ended in.
 */
export function bootsOf(plan: Plan, { trials }: RunRecord): BootsOf {
  const ofVisit = new Map<string, Set<string>>();
  for (const { id, mode, block, targets } of plan.trials) {
    const trial = trials.get(id);
    if (trial === undefined) continue;
    if (trial.startedWall === null) {
      // Never begun; or the line that told it is lost, and with it the boot.
      if (trial.outcome?.kind === 'completed') return () => null;
      continue;
    }
    const key = JSON.stringify([mode, block]);
    const seen = ofVisit.get(key) ?? new Set();
    ofVisit.set(key, seen);
    for (const target of targets) {
      const boot = trial.boots.get(target);
      if (boot === undefined) return () => null;
      seen.add(boot);
    }
  }
  return (mode, block) => {
    const seen = ofVisit.get(JSON.stringify([mode, block]));
    return seen === undefined ? null : [...seen].sort().join(' ');
  };
}
