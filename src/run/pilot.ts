import type { Experiment } from '../experiment/schema.ts';
import { withSamples } from '../record/read-run.ts';
import type { EarlierRun } from './earlier.ts';
import { planOutlook } from './outlook.ts';

/** More than that in a trial means a flawed plan: its blocks hardly differ. */
const MOST = 1000;

export interface Pilot {
  /** With the number of samples per trial from the pilot. */
  experiment: Experiment;
  /** The run it is based on; undefined if there is none, and design.samples applies. */
  from: string | undefined;
}

/**
 * With `design.pilot`, the experiment with the number of samples per trial recommended by an earlier run
 * (Kalibera & Jones, ISMM 2013): the maximum over its cells, because all trials have the same number.
 * Undefined if it was not requested.
 */
export function pilotOfDesign(
  experiment: Experiment,
  earlier: () => EarlierRun | undefined,
): Pilot | undefined {
  if (!experiment.design.pilot) return undefined;
  const run = earlier();
  const wanted = planOutlook(experiment, run).cells.flatMap(({ samplesPerTrial }) => samplesPerTrial ?? []);
  if (wanted.length === 0) return { experiment, from: undefined };
  return { experiment: withSamples(experiment, Math.min(MOST, Math.max(...wanted))), from: run?.directory };
}
