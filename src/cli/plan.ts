import { loadExperiment } from '../experiment/load.ts';
import { estimate } from '../plan/estimate.ts';
import { makePlan, visits } from '../plan/plan.ts';
import { planText } from '../record/run-directory.ts';
import { earlierDurations } from './history.ts';
import { labLack } from './lab-preflight.ts';
import { columns, print, span } from './output.ts';
import { outlookText } from './plan-outlook.ts';

/** `vgpubench plan FILE`: the order, the number of trials and an estimate of time; touches nothing. */
export async function plan(
  file: string,
  options: { seed?: number | undefined; json: boolean },
): Promise<number> {
  const { experiment } = loadExperiment(file);
  const made = makePlan(experiment, options.seed);
  if (options.json) {
    print(planText(made));
    return 0;
  }
  const { durations, run } = earlierDurations(experiment.name);
  const { expectedMs, worstMs } = estimate(experiment, made.trials, durations);
  const { warmup, samples, budget } = experiment.design;
  const rows = visits(made.trials).map(({ block, mode, trials }, index, all) => [
    all[index - 1]?.block === block ? '' : String(block),
    mode,
    trials[0]?.targets.join(' + ') ?? '',
    trials.map(({ workload }) => workload).join(', '),
  ]);
  print(columns([['block', 'mode', 'on', 'workloads'], ...rows], [0]));
  print('');
  print(
    `${made.trials.length} trials: ${made.blocks} blocks x ${Object.keys(experiment.modes).length} modes x ${experiment.workloads.length} workloads; each ${warmup} warm-up and ${samples} samples; seed ${made.seed}`,
  );
  print(
    expectedMs === null
      ? 'time: not known before a first run of this experiment'
      : `time: about ${span(expectedMs)}, as trials took in ${run ?? ''}`,
  );
  print(
    `at most ${span(worstMs)}, if every trial took as long as limits.trial allows${budget === undefined ? '' : `; no block begins after ${span(budget)} (design.budget)`}`,
  );
  print('');
  print(outlookText(experiment, run));
  const lab = await labLack(experiment);
  if (lab !== undefined) print(`\n${lab}`);
  return 0;
}
