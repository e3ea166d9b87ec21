import { loadExperiment } from '../experiment/load.ts';
import type { Experiment } from '../experiment/schema.ts';
import { type Estimate, estimate } from '../plan/estimate.ts';
import { type BootsPlanned, bootsPlanned } from '../plan/machine-boots.ts';
import type { Part } from '../experiment/part.ts';
import { type Plan, makePlan } from '../plan/plan.ts';
import { type EarlierRun, durationsIn, earlierRun } from './earlier.ts';
import { labLack } from './lab.ts';
import { type PlanOutlook, planOutlook } from './outlook.ts';
import { type Pilot, pilotOfDesign } from './pilot.ts';

/** What a run of the experiment would be. */
export interface PlannedRun {
  experiment: Experiment;
  plan: Plan;
  pilot: Pilot | undefined;
  time: Estimate;
  /** The earlier run that the time estimate is based on; undefined if there is none. */
  timedBy: string | undefined;
  outlook: PlanOutlook;
  /** Restarts of machines that are booted in more than one way. */
  boots: (BootsPlanned & {
    /** How long they took in the earlier run, on average, in ms; null if unknown. */
    knownMs: number | null;
  })[];
  /** What to do about the lab first, in a sentence; undefined if nothing. */
  labLack: string | undefined;
}

/** The order of trials, a time estimate and what the design can detect; touches nothing. @throws Problem */
export async function planRun(
  file: string,
  options: Part & { seed?: number | undefined } = {},
): Promise<PlannedRun> {
  const { experiment: asked } = loadExperiment(file);
  const earlier = earlierRun(asked.name);
  const pilot = pilotOfDesign(asked, () => earlier);
  const experiment = pilot?.experiment ?? asked;
  const plan = makePlan(experiment, options.seed, options);
  return {
    ...{ experiment, plan, pilot, timedBy: earlier?.directory },
    time: estimate(experiment, plan.trials, durationsIn(earlier)),
    outlook: planOutlook(experiment, earlier),
    boots: bootsPlanned(plan, experiment).map((planned) => ({
      ...planned,
      knownMs: meanBootMs(planned.machine, earlier),
    })),
    labLack: await labLack(experiment),
  };
}

function meanBootMs(machine: string, earlier: EarlierRun | undefined): number | null {
  const own = (earlier?.record.machineBoots ?? []).filter((one) => one.machine === machine && one.ok);
  if (own.length === 0) return null;
  return own.reduce((sum, { tookMs }) => sum + tookMs, 0) / own.length;
}
