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

/** The same in words, even if nothing is known. */
export function outlookText({ run, blocks, margin, cells }: PlanOutlook): string {
  if (run === null) return 'detectable difference: unknown until this experiment has been run once';
  if (cells.length === 0) return `detectable difference: unknown, because ${run} has too few blocks`;
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
    `what ${blocks} blocks can detect, given the scatter between blocks in ${run}:`,
    columns([HEAD, ...rows], [3, 4, 5, 6, 7, 8]),
    'at most: the 80% upper confidence limit of the sd, which the other columns use, because a few blocks estimate it poorly.',
    `detects: the smallest difference that is called slower or faster with 80% power. For the margin: the blocks needed to distinguish no difference from one of ${percentage(2 * margin)} with the same power.`,
    `For a gate: the blocks needed in each run to find a slowdown of ${percentage(2 * margin)} with 95% power, cells: ${cells.length}.`,
    ...dependent.map(
      ({ mode, workload, metric, worth }) =>
        `${mode}, ${workload}, ${metric}: consecutive blocks were correlated, so each counts as ${worth.toFixed(2)} independent blocks.`,
    ),
    'Samples: the number per trial that gives the narrowest interval in the same time (Kalibera & Jones 2013).',
  ].join('\n');
}
