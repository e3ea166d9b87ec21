import { sameCell } from './cell-name.ts';
import { fitHyperbola } from '../statistics/hyperbola.ts';
import { summarise, tInterval } from '../statistics/interval.ts';
import { mean } from '../statistics/moments.ts';
import { unitsOf, unitValue } from '../statistics/pairs.ts';
import { notWithin } from '../statistics/ratio.ts';
import { worstShifts } from '../statistics/worst-shift.ts';
import { crossAlike, isPages } from './cross-alike.ts';
import { costsByKind } from './costs-by-kind.ts';
import { type BlockPair, pairsOf } from './block-logs.ts';
import type { CellWithWork } from './cells.ts';
import type { Cell, Comparison, Results } from './results.ts';
import { ticksOf } from './ticks.ts';
import { performance } from './verdict.ts';

export type Overhead = Results['overheads'][number];

/** If work is nearly the same in all workloads, it can't show how overhead depends on it. */
const LEAST_SPREAD = 2;

/** One workload in one mode, with what a curve needs. */
interface Measured {
  cell: Cell;
  comparison: Comparison;
  pairs: BlockPair[];
  /** Of a run, in ns: its time in the baseline. */
  workNs: number;
  /** Of a run, of all kinds. */
  crossings: number;
  /** Of a run, by kind: crossings, and the pages that hypercalls mapped and unmapped. */
  counts: Record<string, number>;
  /**
   * The baseline does not cross, or crosses the same way as this mode: any added time is then a cost of the
   * crossings.
   */
  comparable: boolean;
  /** How far off the log of a time ratio may be because figures come in steps. */
  open: number;
}

/**
 * The overhead of a mode relative to the baseline's time, as a function of the work per crossing of the
 * boundary. Both are measured: work is the baseline's time for the same run, and the mode counts crossings.
 * The curve is time ÷ baseline = limit + cost / (work per crossing): a run takes `limit` times the baseline's
 * time, plus `cost` for each crossing of any kind. For a mode that counts no crossings, the work of a whole
 * run is used instead, and the cost is per run.
 *
 * One curve per mode and metric with three or more workloads, using the first metric of each: crossings are
 * counted per reading, and further metrics may measure another time, such as a cold start.
 */
export function overheadsOf(
  cells: readonly CellWithWork[],
  comparisons: readonly Comparison[],
  confidence: number,
): Overhead[] {
  const groups = new Map<string, Measured[]>();
  const crossed = new Set<string>();
  const main = mainMetrics(cells);
  for (const one of cells) {
    const { cell, crossings } = one;
    if (main.get(armOf(cell)) !== cell.metric) continue;
    const comparison = comparisons.find((one) => sameCell(one, cell));
    if (comparison?.ratio == null) continue;
    const base = cells.find((one) => sameCell(one.cell, { ...cell, mode: comparison.baseline }));
    if (base?.workNs == null) continue;
    const key = JSON.stringify([cell.mode, cell.metric]);
    if (totalOf(base.crossings) > 0) crossed.add(key);
    const pairs = pairsOf(cell.trials, base.cell.trials);
    const { open } = ticksOf(cell, base.cell);
    const member = {
      ...{ cell, comparison, pairs, workNs: base.workNs, crossings: totalOf(crossings), open },
      ...{ counts: countsOf(one), comparable: totalOf(base.crossings) === 0 || crossAlike(one, base) },
    };
    groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  return [...groups]
    .filter(([, members]) => members.length >= 3)
    .map(([key, members]) => overhead(members, crossed.has(key), confidence));
}

/** The first metric of each workload in each mode. */
function mainMetrics(cells: readonly CellWithWork[]): Map<string, string> {
  const first = new Map<string, string>();
  for (const { cell } of cells) if (!first.has(armOf(cell))) first.set(armOf(cell), cell.metric);
  return first;
}

function armOf({ mode, workload }: Cell): string {
  return JSON.stringify([mode, workload]);
}

function overhead(members: readonly Measured[], baselineCrosses: boolean, confidence: number): Overhead {
  const [{ cell }] = members as [Measured, ...Measured[]];
  const per = members.some(({ crossings }) => crossings > 0) ? 'crossing' : 'run';
  const points = members.map((one) => pointOf(one, per)).sort((a, b) => (a.xNs ?? 0) - (b.xNs ?? 0));
  const fitted = members.filter(({ crossings }) => per === 'run' || crossings > 0);
  const doubt = baselineCrosses
    ? 'the baseline crosses the boundary itself, so its time is more than the work'
    : doubtOf(
        points.flatMap(({ xNs }) => xNs ?? []),
        per,
      );
  const fit = doubt === null ? fitOf(fitted, per, confidence) : null;
  const notes = [
    ...(per === 'run' ? ['no crossings were counted, so the fit is per run'] : []),
    ...missed({ per, points, fit }),
  ];
  return {
    ...{ mode: cell.mode, metric: cell.metric, per, points, fit },
    byKind: members.every(({ comparable }) => comparable)
      ? costsByKind(inCommonBlocks(members), confidence)
      : null,
    note: doubt ?? (notes.length === 0 ? null : notes.join('; ')),
  };
}

/**
 * Points that are twice as far from the curve as their intervals reach; one point in several is outside its
 * interval by chance.
 */
function missed({ per, points, fit }: Pick<Overhead, 'per' | 'points' | 'fit'>): string[] {
  if (fit === null) return [];
  const misses = points.flatMap(({ workload, xNs, time, low, high }) => {
    if (xNs === null || low === null || high === null) return [];
    const curve = fit.limit.value + fit.costNs.value / xNs;
    const end = curve > time ? high : low;
    if (Math.abs(Math.log(curve / time)) <= 2 * Math.abs(Math.log(end / time))) return [];
    return [`${workload} by ${((curve / time - 1) * 100).toFixed(1)}%`];
  });
  return misses.length === 0
    ? []
    : [`the curve misses ${misses.join(', ')}, so the cost per ${per} is not constant`];
}

function pointOf(
  { cell, comparison, workNs, crossings }: Measured,
  per: Overhead['per'],
): Overhead['points'][number] {
  const { ratio, low, high } = performance(
    comparison.ratio,
    comparison.low,
    comparison.high,
    comparison.better,
  );
  const inverse = (value: number | null) => (value === null ? null : 1 / value);
  const xNs = per === 'run' ? workNs : crossings > 0 ? workNs / crossings : null;
  const ends = { low: inverse(high), high: inverse(low) };
  return { workload: cell.workload, workNs, crossings, xNs, time: 1 / (ratio ?? 1), ...ends };
}

/** Why no curve can be fitted to such work; null if one can. */
function doubtOf(xNs: readonly number[], per: Overhead['per']): string | null {
  if (new Set(xNs).size < 3) return `fewer than three workloads with different work per ${per}`;
  const spread = Math.max(...xNs) / Math.min(...xNs);
  return spread < LEAST_SPREAD ? `the work per ${per} is nearly the same in all workloads` : null;
}

/**
 * The fit in every block, or boot, that all workloads share, and the mean of those with its t interval: the
 * two-stage method (Davidian & Giltinan, "Nonlinear Models for Repeated Measurement Data", 1995, chapter 5).
 */
function fitOf(members: readonly Measured[], per: Overhead['per'], confidence: number): Overhead['fit'] {
  const rows = inCommonBlocks(members).map(({ workNs, crossings, times, open }) => ({
    x: per === 'run' ? workNs : workNs / crossings,
    ...{ times, open },
  }));
  const fit = (times: ArrayLike<number>) =>
    fitHyperbola(rows.map(({ x }, index) => ({ x, y: times[index] as number })));
  const fits = (rows[0]?.times ?? []).flatMap(
    (_, unit) => fit(rows.map(({ times }) => times[unit] as number)) ?? [],
  );
  if (fits.length === 0) return null;
  const [limit = 0, cost = 0] = worstShifts(
    (times) => {
      const { limit = NaN, cost = NaN } = fit(times) ?? {};
      return [limit, cost];
    },
    Float64Array.from(rows, ({ times }) => mean(times)),
    Float64Array.from(rows, ({ open }) => open),
  );
  const estimate = (values: number[], open: number) => {
    const value = mean(values);
    return { value, ...notWithin(tInterval(summarise(values), confidence), value, open) };
  };
  return {
    limit: estimate(
      fits.map((one) => one.limit),
      limit,
    ),
    costNs: estimate(
      fits.map((one) => one.cost),
      cost,
    ),
    n: fits.length,
  };
}

/** Each with time ÷ baseline's in the blocks, or boots, that all of them have. */
function inCommonBlocks(members: readonly Measured[]) {
  const everywhere = members.map(({ pairs }) => new Set(pairs.map(({ block }) => block)));
  return members.map((member) => {
    const common = member.pairs.filter(({ block }) => everywhere.every((blocks) => blocks.has(block)));
    const sign = member.cell.better === 'lower' ? 1 : -1;
    const times = common.length === 0 ? [] : unitsOf(common).map((unit) => Math.exp(sign * unitValue(unit)));
    return { ...member, times };
  });
}

/**
 * Crossings, and the pages that they make the hypervisor map and unmap; the hypercalls for that are
 * proportional to the crossings.
 */
function countsOf({ crossings, hypercalls }: CellWithWork): Record<string, number> {
  const pages = Object.entries(hypercalls).filter(([kind]) => isPages(kind));
  return { ...crossings, ...Object.fromEntries(pages) };
}

function totalOf(crossings: Record<string, number>): number {
  return Object.values(crossings).reduce((sum, count) => sum + count, 0);
}
