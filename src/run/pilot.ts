import type { Experiment } from '../experiment/schema.ts';
import { withSamples } from '../record/read-run.ts';
import type { EarlierRun } from './earlier.ts';
import { planOutlook } from './outlook.ts';

/** More than that in a trial is a plan gone wrong: its blocks hardly differ. */
const MOST = 1000;

export interface Pilot {
  /** With as many samples per trial as the pilot asks for. */
  experiment: Experiment;
  /** The run that it went by; undefined where there is none, and design.samples stays. */
  from: string | undefined;
}

/**
 * With `design.pilot`, the experiment with as many samples per trial as an earlier run of it asks for (Kalibera &
 * Jones, ISMM 2013): the most that any cell asks for, since all trials have as many. Undefined where it was not asked
 * for.
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
