import { percentage } from '../chart/spec.ts';
import { pilotOf } from '../compare/pilot.ts';
import type { Experiment } from '../experiment/schema.ts';
import { outlookOf } from '../plan/outlook.ts';
import { samplesPerTrial } from '../plan/repetition.ts';
import { readRun } from '../record/read-run.ts';
import { columns } from './output.ts';

const HEAD = [
  'mode',
  'workload',
  'metric',
  'sd of blocks',
  'detects',
  'for the margin',
  'for a gate',
  'samples',
];

/** What the run will be able to see, by what the blocks of an earlier run scattered; in words where there is none. */
export function outlookText(experiment: Experiment, run: string | undefined): string {
  if (run === undefined) return 'what it can detect: not known before a first run of this experiment';
  const { plan, events } = readRun(run);
  const { blocks, margin } = experiment.design;
  const cells = pilotOf(plan, events);
  if (cells.length === 0) return `what it can detect: not known, ${run} has too few blocks`;
  const rows = cells.map(({ mode, workload, metric, sd, levels }) => {
    const { detects, blocksForMargin, blocksForGate } = outlookOf(sd, blocks, margin, cells.length);
    const samples = levels === undefined ? null : samplesPerTrial(levels);
    return [
      mode,
      workload,
      metric,
      percentage(sd),
      Number.isFinite(detects) ? percentage(detects) : 'nothing',
      `${blocksForMargin} blocks`,
      `${blocksForGate} blocks`,
      samples === null ? 'any' : String(samples),
    ];
  });
  return [
    `what ${blocks} blocks can detect, as the blocks scattered in ${run}:`,
    columns([HEAD, ...rows], [3, 4, 5, 6, 7]),
    `detects: the smallest difference found with 80% power. For the margin: blocks that find one of ${percentage(margin)} as surely.`,
    `For a gate: blocks, in each run, that find a slowdown of ${percentage(2 * margin)} in 95% of cases, cells: ${cells.length}.`,
    'Samples: how many a trial should have for the tightest interval in the same time (Kalibera & Jones 2013).',
  ].join('\n');
}
