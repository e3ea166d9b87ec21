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

/** The content of a run directory, verified. @throws Problem */
export function readRun(directory: string): Run {
  const record = recordOf(readEvents(join(directory, FILES.journal)));
  requireAsBegun(directory, record);
  return { ...readDesign(directory), record };
}

/**
 * What is needed to undo changes on its targets: no plan, and an experiment that may have been edited since,
 * because a target may have another address by now; without unreadable lines of the journal, which are passed
 * to `onUnreadable`. @throws Problem
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

/** @throws Problem if its files are not those that it began with, as far as its journal says. */
export function requireAsBegun(directory: string, { digests }: RunRecord): void {
  if (digests !== undefined) requireUntouched(directory, digests);
}

/** The experiment with the number of samples that its plan settled on, if it did. */
export function withSamples(experiment: Experiment, samples: number | undefined): Experiment {
  if (samples === undefined) return experiment;
  return { ...experiment, design: { ...experiment.design, samples } };
}
