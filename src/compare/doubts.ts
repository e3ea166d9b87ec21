import type { Seed } from '../statistics/prng.ts';
import { nameOf } from './cell-name.ts';
import { persistentStates } from './persistent-states.ts';
import type { Cell, Comparison } from './results.ts';
import { steadinessWarnings } from './steadiness.ts';
import type { Judged } from './verdict.ts';
import type { Warmth } from './warmth.ts';
import type { Warning } from './warning.ts';

/** Every warning about the run's figures that follows from its data, each with the next step. */
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
    `${nameOf(comparison)}: ${drag}. Perhaps the machine was in another state in a few blocks: look at those in the chart, ` +
    'find what they have in common, or raise design.blocks so that the state occurs often';
  return [{ code: 'rare-state', text }];
}

/** With fewer boots, an interval is of little use or undefined: its t quantile is over 2.5. */
const FEWEST_BOOTS = 6;

/** Whether an interval is based on fewer boots than there are blocks. */
export function restsOnBoots({ boots, blocks }: Pick<Comparison, 'boots' | 'blocks'>): boolean {
  return boots !== null && boots > 1 && boots < blocks;
}

/** One warning per mode, because its cells ran in the same boots. */
function fewBoots(comparisons: readonly Comparison[]): Warning[] {
  const few = comparisons.filter((one) => restsOnBoots(one) && (one.boots ?? 0) < FEWEST_BOOTS);
  return [...new Map(few.map((one) => [one.mode, one])).values()].map(({ mode, blocks, boots }) => ({
    code: 'few-boots',
    text:
      `${mode}: its ${blocks} blocks ran in ${boots ?? 0} boots. Blocks of one boot are not independent, so its intervals are computed over boots. ` +
      'Only more boots narrow them, not more blocks in the same boots: run all blocks in one boot, or boot before every block',
  }));
}

function warmthWarning(one: Warmth): Warning[] {
  const { kind, steadyFrom, change, warmup } = one;
  const share = `${(Math.abs(change ?? 0) * 100).toFixed(1)}%`;
  if (kind === 'warm-up' && steadyFrom !== null && steadyFrom > warmup)
    return [
      {
        code: 'warm-up-in-samples',
        text: `${nameOf(one)}: gets ${share} faster up to run ${steadyFrom + 1} of a trial, but only ${warmup} are warm-up: set design.warmup to ${steadyFrom} or more`,
      },
    ];
  if (kind === 'slowdown')
    return [
      {
        code: 'slowdown',
        text: `${nameOf(one)}: runs ${share} slower from run ${(steadyFrom ?? 0) + 1} of a trial on. It may overheat or fill a buffer: fix its clocks, or pause between trials`,
      },
    ];
  if (kind === 'no steady state')
    return [
      {
        code: 'no-steady-state',
        text: `${nameOf(one)}: changes by ${share} near the end of its trials, so it may not be steady yet: raise design.warmup and design.samples until it is`,
      },
    ];
  return [];
}
