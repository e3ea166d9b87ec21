import { type Plan, visits } from '../../plan/plan.ts';
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
    `${plan.trials.length} trials: ${plan.blocks} blocks x ${countOf(plan, 'mode')} modes x ${countOf(plan, 'workload')} workloads; each ${warmup} warm-up and ${samples} samples; seed ${plan.seed}`,
    ...pilotLines(planned.pilot),
    ...timeLines(planned),
    ...bootLines(planned),
    '',
    outlookText(outlook),
    ...(labLack === undefined ? [] : ['', labLack]),
  ].join('\n');
}

function countOf({ trials }: Plan, what: 'mode' | 'workload'): number {
  return new Set(trials.map((trial) => trial[what])).size;
}

function timeLines({ time, timedBy, experiment }: PlannedRun): string[] {
  const { budget } = experiment.design;
  return [
    time.expectedMs === null
      ? 'time: unknown until this experiment has been run once'
      : `time: about ${span(time.expectedMs)}, based on the trials of ${timedBy ?? ''}`,
    `its trials take at most ${span(time.worstMs)}, were each as long as limits.trial allows${budget === undefined ? '' : `; no block begins after ${span(budget)} (design.budget)`}`,
  ];
}

/** What restarts cost, and why they are what counts. */
function bootLines({ boots, plan }: PlannedRun): string[] {
  return boots.map(({ machine, starts, worstMs, knownMs }) => {
    const all = Object.entries(starts);
    const times = all.reduce((sum, [, count]) => sum + count, 0);
    const took =
      knownMs === null
        ? `at most ${span(worstMs)} (machines.${machine}.ready)`
        : `about ${span(knownMs * (times + 1))}, at ${span(knownMs)} each in earlier runs; at most ${span(worstMs)}`;
    const more = knownMs === null ? `${times / plan.blocks} restarts` : span((knownMs * times) / plan.blocks);
    return `restarts of ${machine}: ${times} (${all.map(([boot, count]) => `${count} as ${boot}`).join(', ')}), and one to restore its original boot: ${took}. Each block has its own boots, and intervals are computed over boots: more samples in a boot don’t replace a block, and each block adds ${more}`;
  });
}
