import { type Arms, baselineOf } from '../experiment/baseline.ts';
import { type Interval, summarise, tInterval } from '../statistics/interval.ts';
import { meanIntervals } from '../statistics/mean-intervals.ts';
import { skewness } from '../statistics/moments.ts';
import type { Results } from './results.ts';
import { blockLogsOf, cellIn } from './block-logs.ts';
import { ticksOf } from './ticks.ts';

/** Whether more blocks are worth their time for a cell. */
export type Standing = 'open' | 'precise' | 'plateau';

/** Fewer blocks never suffice: an interval that happens to be narrow early would stop the run too readily. */
const FEWEST = 12;
/** The number of blocks after which an interval can be said not to narrow. */
const FEWEST_FOR_PLATEAU = 24;
/**
 * With this times the squared skewness as the number of blocks, a mean is close enough to normal (Cochran,
 * "Sampling Techniques", 1977, section 2.15).
 */
const FOR_SKEWNESS = 25;
/** For the bootstrap, from which the rule takes only the width of an interval, not its ends. */
const RESAMPLES = 2000;

/**
 * The state of a cell after some blocks, from their log ratios in order. The rule never uses significance,
 * which would find differences that aren't there. But stopping at the first interval that is narrow enough
 * also selects blocks that scatter little by chance, and then a 95% interval contains the truth in only some
 * 90% of runs. So the rule takes at least 12 blocks, more if they are skewed, because a rare slow block that
 * has not occurred yet makes an interval both narrow and wrong. It also requires an interval narrower by 2/n
 * than requested, which vanishes as n grows: the coverage is then at least 93% on average over spreads, 90 to
 * 96% if one arm is skewed (docs/error-rates.md), and 90% if blocks are correlated
 * (test/compare/stop-rule.long.test.ts; Chow & Robbins, Annals of Mathematical Statistics 36(2), 1965).
 *
 * A plateau: the second half of the blocks, which would narrow the interval of independent ones by 29%, did
 * not narrow it at all. The blocks drift or are correlated, and more of them do not help. Nor do they if the
 * step in which figures come leaves the ratio more uncertain than requested: a cell is then done once its
 * interval is as wide as that.
 *
 * @param open how far off the log ratio may be because of that step, as `openness` computes it
 */
export function standingOf(logs: Float64Array, precision: number, confidence: number, open = 0): Standing {
  const n = logs.length;
  if (n < FEWEST || n < FOR_SKEWNESS * skewness(logs) ** 2) return 'open';
  const bound = Math.log1p(precision);
  const asked = Math.max(bound, open) / (1 + 2 / n);
  const t = tInterval(summarise(logs), confidence);
  // The bootstrap, and correlated neighbours, can only widen it, and take a thousand times as long.
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

/** What remains to be run, by cell. */
export interface Settled {
  /** Why nothing remains, or null. */
  reason: 'precision' | 'plateau' | null;
  /**
   * Whether trials of this mode and workload can be skipped. A baseline's go on while any mode needs them.
   */
  skip: (trial: { mode: string; workload: string }) => boolean;
}

/**
 * @param arms all modes, including those without a figure yet
 * @param leftOut the modes that are not to be run
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
