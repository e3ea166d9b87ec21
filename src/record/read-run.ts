import { join } from 'node:path';
import { loadExperiment } from '../experiment/load.ts';
import type { Experiment } from '../experiment/schema.ts';
import { type Plan, misfitOf } from '../plan/plan.ts';
import { requireUntouched } from './digests.ts';
import { recordOf } from './fold.ts';
import { readEvents } from './read-journal.ts';
import type { RunRecord } from './run-record.ts';
import { FILES, badPlan, readPlan } from './run-directory.ts';

export interface Run {
  experiment: Experiment;
  plan: Plan;
  record: RunRecord;
}

/** Everything that a run directory holds for certain. @throws Problem */
export function readRun(directory: string): Run {
  const record = recordOf(readEvents(join(directory, FILES.journal)));
  requireAsBegun(directory, record);
  return { ...readDesign(directory), record };
}

/**
 * What its targets are put back by: no plan, and an experiment that may have been edited since, as a target may be at
 * another address by now; without lines of the journal that can't be read, of which `onUnreadable` is told. @throws Problem
 */
export function readTargets(
  directory: string,
  onUnreadable: (line: number, found: string) => void,
): Pick<Run, 'experiment' | 'record'> {
  const record = recordOf(readEvents(join(directory, FILES.journal), onUnreadable));
  return { experiment: loadExperiment(join(directory, FILES.experiment), null).experiment, record };
}

/** What the run was to do. @throws Problem */
export function readDesign(directory: string): Pick<Run, 'experiment' | 'plan'> {
  const plan = readPlan(directory);
  const { experiment } = loadExperiment(join(directory, FILES.experiment), null);
  const misfit = misfitOf(plan, experiment);
  if (misfit !== undefined) throw badPlan(join(directory, FILES.plan), misfit);
  return { experiment: withSamples(experiment, plan.samples), plan };
}

/** @throws Problem where its files are not those that it was begun with, as far as its journal tells. */
export function requireAsBegun(directory: string, { digests }: RunRecord): void {
  if (digests !== undefined) requireUntouched(directory, digests);
}

/** The experiment with the samples a trial that its plan settled on, where it did. */
export function withSamples(experiment: Experiment, samples: number | undefined): Experiment {
  if (samples === undefined) return experiment;
  return { ...experiment, design: { ...experiment.design, samples } };
}
