import { join } from 'node:path';
import { loadExperiment } from '../experiment/load.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Plan } from '../plan/plan.ts';
import { recordOf } from './fold.ts';
import { readEvents } from './read-journal.ts';
import type { RunRecord } from './run-record.ts';
import { FILES, readPlan } from './run-directory.ts';

export interface Run {
  experiment: Experiment;
  plan: Plan;
  record: RunRecord;
}

/** Everything that a run directory holds for certain. @throws Problem */
export function readRun(directory: string): Run {
  const record = recordOf(readEvents(join(directory, FILES.journal)));
  const plan = readPlan(directory);
  const { experiment } = loadExperiment(join(directory, FILES.experiment));
  return { experiment: withSamples(experiment, plan.samples), plan, record };
}

/** The experiment with the samples a trial that its plan settled on, where it did. */
export function withSamples(experiment: Experiment, samples: number | undefined): Experiment {
  if (samples === undefined) return experiment;
  return { ...experiment, design: { ...experiment.design, samples } };
}
