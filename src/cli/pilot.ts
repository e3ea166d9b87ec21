import type { Experiment } from '../experiment/schema.ts';
import { withSamples } from '../record/read-run.ts';
import { earlierDurations } from './history.ts';
import { planOutlook } from './plan-outlook.ts';

/** More than that a trial is a plan gone wrong: its blocks hardly differ. */
const MOST = 1000;

/**
 * With `design.pilot`, the experiment with as many samples a trial as its newest earlier run under reports/ asks
 * for (Kalibera & Jones, ISMM 2013): the most that any cell asks for, since all trials have as many. `from` is
 * that run; undefined where there is none to go by, and design.samples stays.
 */
export function piloted(
  experiment: Experiment,
  reports = 'reports',
): { experiment: Experiment; from: string | undefined } {
  if (!experiment.design.pilot) return { experiment, from: undefined };
  const { run } = earlierDurations(experiment.name, reports);
  const wanted = planOutlook(experiment, run).cells.flatMap(({ samplesPerTrial }) => samplesPerTrial ?? []);
  if (wanted.length === 0) return { experiment, from: undefined };
  return { experiment: withSamples(experiment, Math.min(MOST, Math.max(...wanted))), from: run };
}

/** What `design.pilot` came to, or nothing where it was not asked for. */
export function pilotText({ experiment, from }: ReturnType<typeof piloted>): string | undefined {
  const { pilot, samples } = experiment.design;
  if (!pilot) return undefined;
  return from === undefined
    ? `pilot: no earlier run of this experiment tells how many samples a trial should have: ${samples}, as design.samples says`
    : `pilot: ${samples} samples a trial, as ${from} asks for`;
}
