import { type Arms, baselineOf } from '../experiment/baseline.ts';
import { type Interval, summarise, tInterval } from '../statistics/interval.ts';
import { meanIntervals } from '../statistics/mean-intervals.ts';
import { skewness } from '../statistics/moments.ts';
import type { Results } from './results.ts';
import { blockLogsOf, cellIn } from './block-logs.ts';
import { ticksOf } from './ticks.ts';

/** Whether more blocks are worth their time to a cell. */
export type Standing = 'open' | 'precise' | 'plateau';

/** Fewer blocks settle nothing: an interval that happens to be narrow early would stop the run too readily. */
const FEWEST = 12;
/** Blocks after which an interval can be said not to narrow. */
const FEWEST_FOR_PLATEAU = 24;
/** As many blocks as this times the square of their skewness let a mean be normal (Cochran, "Sampling Techniques", 1977, section 2.15). */
const FOR_SKEWNESS = 25;
/** Of the bootstrap, which the rule takes the width of an interval from, and no end. */
const RESAMPLES = 2000;

/**
 * Where a cell stands after some blocks, by their log ratios in order. Never by significance, which would find
 * differences that aren't there; but also stopping at the first interval that is narrow enough picks blocks that
 * scatter little by chance, and its 95% interval holds the truth in some 90% of runs only. So it takes 12 blocks, more
 * where they are skewed, since a rare slow block that was not met yet makes an interval both narrow and wrong, and
 * an interval that is narrower by 2/n than asked, which vanishes as n grows: the coverage is then 93% and more in the
 * mean over spreads, 90 to 96% where one arm is skewed (docs/error-rates.md), and 90% where blocks depend on each other
 * (test/compare/stop-rule.long.test.ts; Chow & Robbins, Annals of Mathematical Statistics 36(2), 1965).
 *
 * A plateau: the second half of the blocks, which would narrow the interval of independent ones by 29%, did not
 * narrow it at all. The blocks drift or depend on each other, and more of them are no cure. Nor are they where the step
 * in which figures come leaves the ratio more open than was asked for: a cell is then done once its interval is as wide as that.
 *
 * @param open how far the log ratio may be off by that step, as `openness` has it
 */
export function standingOf(logs: Float64Array, precision: number, confidence: number, open = 0): Standing {
  const n = logs.length;
  if (n < FEWEST || n < FOR_SKEWNESS * skewness(logs) ** 2) return 'open';
  const bound = Math.log1p(precision);
  const asked = Math.max(bound, open) / (1 + 2 / n);
  const t = tInterval(summarise(logs), confidence);
  // The bootstrap, and neighbours that are alike, can only widen it, and take a thousand times as long.
  if (halfWidth(t) <= asked && halfWidth(reported(logs, confidence)) <= asked)
    return open > bound ? 'plateau' : 'precise';
  if (n < FEWEST_FOR_PLATEAU) return 'open';
  const half = tInterval(summarise(logs.subarray(0, Math.ceil(n / 2))), confidence);
  return halfWidth(t) >= halfWidth(half) ? 'plateau' : 'open';
}

function reported(logs: Float64Array, confidence: number): Interval {
  const [found] = meanIntervals(logs, [confidence], { seed: 'stop rule', resamples: RESAMPLES }).intervals;
  return found?.reported ?? { low: null, high: null };
}

/** What is still to be run, by cell. */
export interface Settled {
  /** Why nothing is, or null. */
  reason: 'precision' | 'plateau' | null;
  /** Whether trials of this mode and workload can be left out. A baseline's go on while any mode needs them. */
  skip: (trial: { mode: string; workload: string }) => boolean;
}

/**
 * @param arms all modes, also those without a figure yet
 * @param leftOut modes of them that are not to be run
 */
export function settledOf(
  arms: Arms,
  { cells, confidence }: Pick<Results, 'cells' | 'confidence'>,
  workloads: readonly string[],
  precision: number,
  leftOut: readonly string[] = [],
): Settled {
  const standings = new Map<string, Standing[]>();
  for (const cell of cells) {
    const baseline = baselineOf(cell.mode, arms);
    if (baseline === undefined) continue;
    const { values } = blockLogsOf(arms, cells, cell);
    const { open } = ticksOf(cell, cellIn(baseline, cell, cells));
    const key = keyOf(cell);
    standings.set(key, [...(standings.get(key) ?? []), standingOf(values, precision, confidence, open)]);
  }
  const compared = Object.keys(arms.modes).filter(
    (mode) => baselineOf(mode, arms) !== undefined && !leftOut.includes(mode),
  );
  const needing = (mode: string) => compared.filter((one) => one === mode || baselineOf(one, arms) === mode);
  const done = (mode: string, workload: string) => {
    const own = standings.get(keyOf({ mode, workload })) ?? [];
    return own.length > 0 && own.every((standing) => standing !== 'open');
  };
  const all =
    compared.length > 0 && compared.every((mode) => workloads.every((workload) => done(mode, workload)));
  const plateau = [...standings.values()].flat().includes('plateau');
  return {
    reason: all ? (plateau ? 'plateau' : 'precision') : null,
    skip: ({ mode, workload }) => {
      const modes = needing(mode);
      return modes.length > 0 && modes.every((one) => done(one, workload));
    },
  };
}

function keyOf({ mode, workload }: { mode: string; workload: string }): string {
  return JSON.stringify([mode, workload]);
}

function halfWidth({ low, high }: Interval): number {
  return low === null || high === null ? Infinity : (high - low) / 2;
}
