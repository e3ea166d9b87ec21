import { bootsForMode, bootsUsed } from '../experiment/boots.ts';
import type { Experiment } from '../experiment/schema.ts';
import { type Plan, visits } from './plan.ts';

/** What a plan's restarts of one machine come to. */
export interface BootsPlanned {
  machine: string;
  /** How often each of its boots is started. */
  starts: Record<string, number>;
  /** If each took as long as the machine may take until it is ready, in ms; with the one that leaves it as it was found. */
  worstMs: number;
}

/** Machines that the plan restarts: each of their boots once per block that has modes of it. */
export function bootsPlanned(plan: Pick<Plan, 'trials'>, experiment: Experiment): BootsPlanned[] {
  return Object.entries(experiment.machines ?? {}).flatMap(([machine, { ready }]) => {
    if (bootsUsed(machine, experiment).size < 2) return [];
    const starts: Record<string, number> = {};
    let up = '';
    for (const { block, mode } of visits(plan.trials)) {
      const boot = bootsForMode(mode, experiment).get(machine);
      if (boot === undefined || up === `${block} ${boot}`) continue;
      up = `${block} ${boot}`;
      starts[boot] = (starts[boot] ?? 0) + 1;
    }
    const all = Object.values(starts).reduce((sum, count) => sum + count, 0);
    return all === 0 ? [] : [{ machine, starts, worstMs: (all + 1) * ready }];
  });
}
