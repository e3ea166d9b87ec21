import { visits } from '../../plan/plan.ts';
import type { PlannedRun } from '../../run/plan.ts';
import { columns, span } from './output.ts';
import { outlookText } from './outlook-text.ts';
import { pilotLines } from './pilot-text.ts';

/** The order, the number of trials, an estimate of time and the outlook. */
export function planText(planned: PlannedRun): string {
  const { experiment, plan, outlook, labLack } = planned;
  const { warmup, samples } = experiment.design;
  const rows = visits(plan.trials).map(({ block, mode, trials }, index, all) => [
    all[index - 1]?.block === block ? '' : String(block),
    mode,
    trials[0]?.targets.join(' + ') ?? '',
    trials.map(({ workload }) => workload).join(', '),
  ]);
  return [
    columns([['block', 'mode', 'on', 'workloads'], ...rows], [0]),
    '',
    `${plan.trials.length} trials: ${plan.blocks} blocks x ${Object.keys(experiment.modes).length} modes x ${experiment.workloads.length} workloads; each ${warmup} warm-up and ${samples} samples; seed ${plan.seed}`,
    ...pilotLines(planned.pilot),
    ...timeLines(planned),
    '',
    outlookText(outlook),
    ...(labLack === undefined ? [] : ['', labLack]),
  ].join('\n');
}

function timeLines({ time, timedBy, experiment }: PlannedRun): string[] {
  const { budget } = experiment.design;
  return [
    time.expectedMs === null
      ? 'time: not known before a first run of this experiment'
      : `time: about ${span(time.expectedMs)}, as trials took in ${timedBy ?? ''}`,
    `its trials take at most ${span(time.worstMs)}, were each as long as limits.trial allows${budget === undefined ? '' : `; no block begins after ${span(budget)} (design.budget)`}`,
  ];
}
