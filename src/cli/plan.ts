import { loadExperiment } from '../experiment/load.ts';
import { estimate } from '../plan/estimate.ts';
import { makePlan, visits } from '../plan/plan.ts';
import { earlierDurations } from './history.ts';
import { labLack } from './lab-preflight.ts';
import { columns, print, printJson, span } from './output.ts';
import { piloted, pilotText } from './pilot.ts';
import { outlookText, planOutlook } from './plan-outlook.ts';

/** `vgpubench plan FILE`: the order, the number of trials, an estimate of time and the outlook; touches nothing. */
export async function plan(
  file: string,
  options: { seed?: number | undefined; json: boolean },
): Promise<number> {
  const pilot = piloted(loadExperiment(file).experiment);
  const { experiment } = pilot;
  const made = makePlan(experiment, options.seed);
  const { durations, run } = earlierDurations(experiment.name);
  const time = estimate(experiment, made.trials, durations);
  const outlook = planOutlook(experiment, run);
  const { warmup, samples, budget } = experiment.design;
  if (options.json) {
    const { expectedMs, worstMs } = time;
    printJson({ ...made, time: { expectedMs, worstMs, budgetMs: budget ?? null }, outlook });
    return 0;
  }
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
  const settled = pilotText(pilot);
  if (settled !== undefined) print(settled);
  print(
    time.expectedMs === null
      ? 'time: not known before a first run of this experiment'
      : `time: about ${span(time.expectedMs)}, as trials took in ${run ?? ''}`,
  );
  print(
    `its trials take at most ${span(time.worstMs)}, were each as long as limits.trial allows${budget === undefined ? '' : `; no block begins after ${span(budget)} (design.budget)`}`,
  );
  print('');
  print(outlookText(outlook));
  const lab = await labLack(experiment);
  if (lab !== undefined)
    print(`
${lab}`);
  return 0;
}
