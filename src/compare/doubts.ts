import type { Seed } from '../statistics/prng.ts';
import { nameOf } from './cell-name.ts';
import { persistentStates } from './persistent-states.ts';
import type { Cell, Comparison } from './results.ts';
import { steadinessWarnings } from './steadiness.ts';
import type { Judged } from './verdict.ts';
import type { Warmth } from './warmth.ts';
import type { Warning } from './warning.ts';

/** Every doubt about the run's figures that its data give reason for, each with what to do next. */
export function doubtsOf(
  cells: readonly Cell[],
  judged: readonly Judged[],
  warmth: readonly Warmth[],
  seed: Seed,
): Warning[] {
  return [
    ...judged.flatMap(rareState),
    ...persistentStates(judged),
    ...fewBoots(judged.map(({ comparison }) => comparison)),
    ...warmth.flatMap(warmthWarning),
    ...steadinessWarnings(cells, seed),
  ];
}

function rareState({ comparison, drag }: Judged): Warning[] {
  if (drag === undefined) return [];
  const text =
    `${nameOf(comparison)}: ${drag}. Perhaps one of several states of the machine was met in few blocks: look at those in the chart, ` +
    'find what they have in common, or raise design.blocks until the state is met often';
  return [{ code: 'rare-state', text }];
}

/** Fewer boots give an interval that is of little use, or none: its t quantile is over 2.5. */
const FEWEST_BOOTS = 6;

/** Whether an interval rests on fewer boots than there are blocks. */
export function restsOnBoots({ boots, blocks }: Pick<Comparison, 'boots' | 'blocks'>): boolean {
  return boots !== null && boots > 1 && boots < blocks;
}

/** One doubt a mode: its cells ran in the same boots. */
function fewBoots(comparisons: readonly Comparison[]): Warning[] {
  const few = comparisons.filter((one) => restsOnBoots(one) && (one.boots ?? 0) < FEWEST_BOOTS);
  return [...new Map(few.map((one) => [one.mode, one])).values()].map(({ mode, blocks, boots }) => ({
    code: 'few-boots',
    text:
      `${mode}: its ${blocks} blocks ran in ${boots ?? 0} boots, and what a boot draws is shared by its blocks, so its intervals rest on the boots. ` +
      'More boots narrow them, more blocks of the same boots do not: run all blocks in one boot, or boot before every block',
  }));
}

function warmthWarning(one: Warmth): Warning[] {
  const { kind, steadyFrom, change, warmup } = one;
  const share = `${(Math.abs(change ?? 0) * 100).toFixed(1)}%`;
  if (kind === 'warm-up' && steadyFrom !== null && steadyFrom > warmup)
    return [
      {
        code: 'warm-up-in-samples',
        text: `${nameOf(one)}: gets ${share} faster until run ${steadyFrom + 1} of a trial, and ${warmup} are warm-up: set design.warmup to ${steadyFrom} or more`,
      },
    ];
  if (kind === 'slowdown')
    return [
      {
        code: 'slowdown',
        text: `${nameOf(one)}: runs ${share} slower from run ${(steadyFrom ?? 0) + 1} of a trial on. It may get hot, or fill something: fix its clocks, or let it rest between trials`,
      },
    ];
  if (kind === 'no steady state')
    return [
      {
        code: 'no-steady-state',
        text: `${nameOf(one)}: changes by ${share} near the end of its trials, so more may follow: raise design.warmup and design.samples until it stays`,
      },
    ];
  return [];
}
