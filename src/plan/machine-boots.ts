import { bootsForMode, bootsUsed } from '../experiment/boots.ts';
import type { Experiment } from '../experiment/schema.ts';
import { type Plan, visits } from './plan.ts';

/** A plan's restarts of one machine. */
export interface BootsPlanned {
  machine: string;
  /** How often each of its boots is started. */
  starts: Record<string, number>;
  /**
   * The time if each took as long as the machine may take to be ready, in ms; including the restart at the
   * end.
   */
  worstMs: number;
}

/** Machines that the plan restarts: each of their boots once per block in which it has modes. */
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
