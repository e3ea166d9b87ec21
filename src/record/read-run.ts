import { join } from 'node:path';
import { loadExperiment } from '../experiment/load.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Plan } from '../plan/plan.ts';
import type { Event } from './event.ts';
import { readJournal } from './journal.ts';
import { FILES, readPlan } from './run-directory.ts';

export interface Run {
  experiment: Experiment;
  plan: Plan;
  events: Event[];
}

/** Everything that a run directory holds for certain. @throws Problem */
export function readRun(directory: string): Run {
  const { events } = readJournal(join(directory, FILES.journal));
  const plan = readPlan(directory);
  const { experiment } = loadExperiment(join(directory, FILES.experiment));
  return { experiment: withSamples(experiment, plan.samples), plan, events };
}

/** The experiment with the samples a trial that its plan settled on, where it did. */
export function withSamples(experiment: Experiment, samples: number | undefined): Experiment {
  if (samples === undefined) return experiment;
  return { ...experiment, design: { ...experiment.design, samples } };
}
