import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import { nodeOfBlock } from './nodes.ts';

/** The boots that a mode's targets were in while they ran a block, as one text; null if unknown. */
export type BootsOf = (mode: string, block: number) => string | null;

/**
 * The boots of each visit, from the boot ids that targets reported when the session began. Known for all
 * trials of a run or for none, because blocks that share a boot unnoticed would pass for independent. An
 * interrupted trial that continued after a reboot belongs to the boot in which it ended.
 */
export function bootsOf(plan: Plan, record: RunRecord): BootsOf {
  const { trials, merged } = record;
  const nodeOf = nodeOfBlock(record);
  // It takes the place of a boot, because a node's blocks share everything about the node.
  if (merged?.unit === 'node') return (_, block) => nodeOf(block) ?? null;
  const ofVisit = new Map<string, Set<string>>();
  for (const { id, mode, block, targets } of plan.trials) {
    const trial = trials.get(id);
    if (trial === undefined) continue;
    if (trial.startedWall === null) {
      // Never started, or the line that recorded it is lost, and the boot with it.
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
  const bootOf: BootsOf = (mode, block) => {
    const seen = ofVisit.get(JSON.stringify([mode, block]));
    return seen === undefined ? null : [...seen].sort().join(' ');
  };
  return record.merged === undefined ? bootOf : withinNodes(bootOf, plan, record);
}

/**
 * In a run of several nodes each node has its own boots. A node is a stratum: its boot differs from another
 * node's without being another unit, so only boots that differ on the same node count.
 */
function withinNodes(bootOf: BootsOf, plan: Plan, record: RunRecord): BootsOf {
  const nodeOf = nodeOfBlock(record);
  const met = new Map<string, Set<string>>();
  for (const { mode, block } of plan.trials) {
    const boot = bootOf(mode, block);
    const key = JSON.stringify([mode, nodeOf(block)]);
    if (boot !== null) met.set(key, new Set(met.get(key)).add(boot));
  }
  const several = [...met.values()].some(({ size }) => size > 1);
  const all = new Set([...met.values()].flatMap((boots) => [...boots]));
  if (several || all.size < 2) return bootOf;
  return (mode, block) => (bootOf(mode, block) === null ? null : ONE_EACH);
}

const ONE_EACH = 'one on each node';
