import { baselineOf } from '../experiment/baseline.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { SampleTable } from '../record/sample-table.ts';
import { jainIndex } from '../statistics/fairness.ts';
import { geometricMean } from '../statistics/moments.ts';
import { type Pair, unitsOf, unitValue } from '../statistics/pairs.ts';
import { ratioOf } from '../statistics/ratio.ts';
import { armsOf } from './baselines.ts';
import { type Blocks, pairsOf } from './block-logs.ts';
import type { Cell, Results } from './results.ts';
import { completedTable, measuredRuns, timeNs, valuesIn } from './samples.ts';
import { openness } from './ticks.ts';

export type Sharing = Results['sharing'][number];

/** The work that the guests of one trial did, in units of work per second. */
interface Share {
  block: number;
  boot: string | null;
  /** All guests together, over their common window. */
  throughput: number;
  /** Each guest over its own time, by target. */
  rates: Map<string, number>;
}

interface Arm {
  cell: Cell;
  /** Modes of one family have the same options, and the same baseline, which may be one of them. */
  family: string;
  guests: number;
  shares: Share[];
}

/**
 * How modes with several guests scale, and how fairly they share, compared with modes of the same options
 * with fewer guests, by number of guests. A window begins when the barrier releases the guests and ends when
 * the last of them is done, so that guests which merely take turns don't count as more than one.
 */
export function sharingOf(
  record: RunRecord,
  results: Pick<Results, 'baseline' | 'cells' | 'specification' | 'confidence'>,
): Sharing[] {
  const { cells, specification, confidence } = results;
  const families = Object.entries(specification.modes).map(([mode, { targets, ...own }]) => ({
    ...{ mode, guests: Number(targets) },
    options: JSON.stringify([{ ...own, baseline: undefined }, baselineOf(mode, armsOf(results)) ?? mode]),
  }));
  const shared = families.filter(({ guests }) => guests > 1).map(({ options }) => options);
  const arms = cells.flatMap((cell): Arm[] => {
    const own = families.find(({ mode }) => mode === cell.mode);
    if (own === undefined || !shared.includes(own.options)) return [];
    const shares = cell.trials.flatMap(({ trial, block, boot }) => {
      const share = shareOf(completedTable(record, trial), cell.metric);
      return share === undefined ? [] : [{ block, boot, ...share }];
    });
    const family = families.find(({ options }) => options === own.options)?.mode ?? cell.mode;
    return shares.length === 0 ? [] : [{ cell, family, guests: own.guests, shares }];
  });
  return arms.map((arm) => sharing(arm, fewest(arm, arms), confidence)).sort((a, b) => a.guests - b.guests);
}

/** Undefined if some guest's time is unknown. */
function shareOf(
  table: SampleTable | undefined,
  metric: string,
): Pick<Share, 'throughput' | 'rates'> | undefined {
  const column = table?.metrics.get(metric);
  if (table === undefined || column === undefined) return undefined;
  /** The longest of its guests, by sample, in s. */
  const longest = new Map<number, number>();
  const guests = new Map<string, { work: number; s: number }>();
  const several = table.targets.length > 1;
  for (const run of measuredRuns(table)) {
    // When its guests started is unknown for a sample taken over from an earlier session.
    if (several && Number.isNaN(table.startSpreadNs(run.sample))) continue;
    const values = valuesIn(column, run);
    const ns = timeNs(column, values, run);
    if (ns === null) return undefined;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const s = ns / 1e9;
    // A metric where lower is better counts once per reading; for a rate, the rate times its duration.
    const work = column.better === 'lower' ? values.length : mean * s;
    const sum = guests.get(run.target) ?? { work: 0, s: 0 };
    guests.set(run.target, { work: sum.work + work, s: sum.s + s });
    longest.set(run.sample, Math.max(longest.get(run.sample) ?? 0, s));
  }
  let windowS = 0;
  for (const [sample, s] of longest) windowS += s + (table.startSpreadNs(sample) || 0) / 1e9;
  if (!(windowS > 0)) return undefined;
  const total = [...guests.values()].reduce((sum, { work }) => sum + work, 0);
  const rates = new Map([...guests].map(([target, { work, s }]) => [target, work / s]));
  return { throughput: total / windowS, rates };
}

function fewest(arm: Arm, arms: readonly Arm[]): Arm {
  return arms
    .filter(
      ({ cell, family }) =>
        family === arm.family && cell.workload === arm.cell.workload && cell.metric === arm.cell.metric,
    )
    .reduce((least, one) => (one.guests < least.guests ? one : least), arm);
}

function sharing(arm: Arm, least: Arm, confidence: number): Sharing {
  const { cell, family, guests, shares } = arm;
  const { mode, workload, metric, unit, better } = cell;
  const estimate = (pairs: readonly Pair[], open = 0) => estimateOf(pairs, confidence, open);
  // Compared with itself, there is no uncertainty.
  const open = arm === least ? 0 : openness(cell.tick, least.cell.tick);
  const together = throughputs(shares);
  const paired = pairsOf(together, throughputs(least.shares));
  const fairness = estimate(
    alone(shares.map(({ rates, ...share }) => ({ ...share, values: [jainIndex([...rates.values()])] }))),
  );
  const within = (end: number | null) => (end === null ? null : Math.min(1, Math.max(1 / guests, end)));
  return {
    ...{ family, mode, workload, metric, guests },
    unit: better === 'lower' ? 'runs/s' : unit,
    trials: shares.length,
    throughput: estimate(alone(together), openness(cell.tick)),
    scaling: paired.length === 0 ? null : { against: least.cell.mode, ...estimate(paired, open) },
    fairness: { ...fairness, low: within(fairness.low), high: within(fairness.high) },
    perGuest: guestsOf(shares, geometricMean(least.shares.map((one) => one.throughput)) / least.guests),
  };
}

function throughputs(shares: readonly Share[]): Blocks {
  return shares.map(({ block, boot, throughput }) => ({ block, boot, values: [throughput] }));
}

/** Not relative to anything: the figures themselves, block by block. */
function alone(blocks: Blocks): Pair[] {
  return pairsOf(
    blocks,
    blocks.map((one) => ({ ...one, values: [1] })),
  );
}

/** @param usual what a guest gets in the mode with the fewest guests */
function guestsOf(shares: readonly Share[], usual: number): Sharing['perGuest'] {
  const targets = [...(shares[0]?.rates.keys() ?? [])];
  const rates = targets.map((target) => ({
    target,
    throughput: geometricMean(shares.map((share) => share.rates.get(target) ?? NaN)),
  }));
  const total = rates.reduce((sum, rate) => sum + rate.throughput, 0);
  return rates.map(({ target, throughput }) => ({
    ...{ target, throughput },
    share: throughput / total,
    slowdown: usual / throughput,
  }));
}

/** The geometric mean over trials, with its interval over blocks, or boots. */
function estimateOf(pairs: readonly Pair[], confidence: number, open: number): Sharing['throughput'] {
  const values = Float64Array.from(unitsOf(pairs), unitValue);
  const { ratio, low, high } = ratioOf(values, undefined, { seed: 'scaling', confidence, openness: open });
  return { value: ratio, low, high };
}
