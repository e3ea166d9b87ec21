import type { Plan } from '../plan/plan.ts';
import type { Event } from '../record/event.ts';

/** The boots that a mode's targets were in while they ran a block, as one text; null where it isn't known. */
export type BootsOf = (mode: string, block: number) => string | null;

/**
 * Which boots each visit ran in, by the boot ids that targets told when they were greeted. Known for all trials of
 * a run or for none, since blocks that share a boot unnoticed would pass for independent. An interrupted trial
 * that went on after a reboot counts to the boot that it ended in.
 */
export function bootsOf(plan: Plan, events: readonly Event[]): BootsOf {
  const trials = new Map(plan.trials.map((trial) => [trial.id, trial]));
  const current = new Map<string, string | undefined>();
  const ofTrial = new Map<string, (string | undefined)[]>();
  for (const event of events) {
    if (event.type === 'target-ready') current.set(event.target, event.fingerprint['boot']);
    if (event.type === 'trial-started')
      ofTrial.set(
        event.trial,
        (trials.get(event.trial)?.targets ?? []).map((target) => current.get(target)),
      );
  }
  if ([...ofTrial.values()].flat().includes(undefined)) return () => null;
  const ofVisit = new Map<string, Set<string>>();
  for (const [id, boots] of ofTrial) {
    const trial = trials.get(id);
    if (trial === undefined) continue;
    const key = JSON.stringify([trial.mode, trial.block]);
    const seen = ofVisit.get(key) ?? new Set();
    ofVisit.set(key, seen);
    for (const boot of boots) seen.add(boot ?? '');
  }
  return (mode, block) => {
    const seen = ofVisit.get(JSON.stringify([mode, block]));
    return seen === undefined ? null : [...seen].sort().join(' ');
  };
}
