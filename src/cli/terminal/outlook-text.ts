import { percentage } from '../../chart/spec.ts';
import type { PlanOutlook } from '../../run/outlook.ts';
import { columns } from './output.ts';

const HEAD = [
  'mode',
  'workload',
  'metric',
  'sd of blocks',
  'at most',
  'detects',
  'for the margin',
  'for a gate',
  'samples',
];

/** The same in words, also where nothing is known. */
export function outlookText({ run, blocks, margin, cells }: PlanOutlook): string {
  if (run === null) return 'what it can detect: not known before a first run of this experiment';
  if (cells.length === 0) return `what it can detect: not known, ${run} has too few blocks`;
  const rows = cells.map((cell) => [
    cell.mode,
    cell.workload,
    cell.metric,
    percentage(cell.sd),
    percentage(cell.sdLimit),
    cell.detects === null ? 'nothing' : percentage(cell.detects),
    `${cell.blocksForMargin} blocks`,
    `${cell.blocksForGate} blocks`,
    cell.samplesPerTrial === null ? 'any' : String(cell.samplesPerTrial),
  ]);
  const dependent = cells.filter(({ worth }) => worth < 1);
  return [
    `what ${blocks} blocks can detect, as the blocks scattered in ${run}:`,
    columns([HEAD, ...rows], [3, 4, 5, 6, 7, 8]),
    'at most: the limit that the sd is below with 80%, which all the rest reckons with: few blocks do not know it well.',
    `detects: the smallest difference that is called slower or faster with 80% power. For the margin: blocks that tell none, as the same, from one of ${percentage(2 * margin)} as surely.`,
    `For a gate: blocks, in each run, that find a slowdown of ${percentage(2 * margin)} in 95% of cases, cells: ${cells.length}.`,
    ...dependent.map(
      ({ mode, workload, metric, worth }) =>
        `${mode}, ${workload}, ${metric}: blocks that follow each other were alike there, and each counts as ${worth.toFixed(2)} of an independent one.`,
    ),
    'Samples: how many a trial should have for the tightest interval in the same time (Kalibera & Jones 2013).',
  ].join('\n');
}
