import { loadExperiment } from '../experiment/load.ts';
import type { Experiment } from '../experiment/schema.ts';
import { type Estimate, estimate } from '../plan/estimate.ts';
import { type Plan, makePlan } from '../plan/plan.ts';
import { earlierDurations } from './earlier.ts';
import { labLack } from './lab.ts';
import { type PlanOutlook, planOutlook } from './outlook.ts';
import { type Pilot, pilotOfDesign } from './pilot.ts';

/** What a run of the experiment would be. */
export interface PlannedRun {
  experiment: Experiment;
  plan: Plan;
  pilot: Pilot | undefined;
  time: Estimate;
  /** The earlier run that the time is known from; undefined where there is none. */
  timedBy: string | undefined;
  outlook: PlanOutlook;
  /** What has to be done first about the lab, in a sentence; undefined where nothing has. */
  labLack: string | undefined;
}

/** The order of trials, an estimate of time and what the design can detect; touches nothing. @throws Problem */
export async function planRun(
  file: string,
  options: { seed?: number | undefined } = {},
): Promise<PlannedRun> {
  const { experiment: asked } = loadExperiment(file);
  const pilot = pilotOfDesign(asked);
  const experiment = pilot?.experiment ?? asked;
  const plan = makePlan(experiment, options.seed);
  const { durations, run } = earlierDurations(experiment.name);
  return {
    ...{ experiment, plan, pilot, timedBy: run },
    time: estimate(experiment, plan.trials, durations),
    outlook: planOutlook(experiment, run),
    labLack: await labLack(experiment),
  };
}
