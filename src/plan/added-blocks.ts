/** Blocks that were added to a plan after its end, to measure a part of it again. */
import { z } from 'zod';
import type { Experiment } from '../experiment/schema.ts';
import { type Plan, makePlan } from './plan.ts';

export const addedBlocksShape = {
  blocks: z.int().min(1),
  only: z
    .object({ modes: z.array(z.string()), workloads: z.array(z.string()) })
    .describe('The part of the experiment that is measured again, with the baselines of its modes.'),
};

export type AddedBlocks = z.output<z.ZodObject<typeof addedBlocksShape>>;

/**
 * The plan of the added blocks alone, numbered after those of the plan: in the order that the part would have
 * had in a longer plan.
 */
export function addedPlan(experiment: Experiment, plan: Plan, { blocks, only }: AddedBlocks): Plan {
  const longer = makePlan(experiment, plan.seed, { blocks: plan.blocks + blocks, only });
  return {
    ...longer,
    baseline: plan.baseline,
    ...(plan.samples === undefined ? {} : { samples: plan.samples }),
    trials: longer.trials.filter(({ block }) => block > plan.blocks),
  };
}

/** Everything to be run: the plan, and what was added to it. */
export function wholePlan(experiment: Experiment, plan: Plan, added: AddedBlocks | null): Plan {
  if (added === null) return plan;
  const { blocks, trials } = addedPlan(experiment, plan, added);
  return { ...plan, blocks, trials: [...plan.trials, ...trials] };
}
