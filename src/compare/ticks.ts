/** The step in which a cell's figures come, if it adds uncertainty to their mean. */
import type { Ratio } from '../statistics/ratio.ts';
import { median, medianAbsoluteDeviation } from '../statistics/quantile.ts';
import { smallestStep, smallestStepOfRates } from '../statistics/quantisation.ts';
import type { CellWithWork } from './cells.ts';
import { nameOf } from './cell-name.ts';
import type { Cell, Comparison } from './results.ts';
import type { Warning } from './warning.ts';

type Tick = NonNullable<Cell['tick']>;

/** A figure with a larger relative step bounds nothing, and the logarithm of the remainder must be finite. */
const MOST = 0.5;

/**
 * The cells, each with its tick if rounding to it does not average out: if most figures are within one step
 * of their median. If they scatter more, which on normal data means a standard deviation of at least 0.74
 * steps, rounding adds less than a thousandth of a step to a mean (it falls with exp(-2 π² sd²/step²): Widrow
 * and Kollár, "Quantization Noise", 2008, chapter 4). The step is the tick of the guest's clock if the figure
 * is a duration by it; else the smallest step between recorded values, of the cell itself or, if those are
 * all equal, of all modes.
 */
export function withTicks(cells: readonly CellWithWork[]): CellWithWork[] {
  const pools = new Map<string, number[]>();
  const pool = ({ workload, metric }: Cell) => {
    const key = JSON.stringify([workload, metric]);
    const all = pools.get(key) ?? [];
    pools.set(key, all);
    return all;
  };
  for (const { cell } of cells) {
    const all = pool(cell);
    for (const { values } of cell.trials) for (const value of values) all.push(value);
  }
  return cells.map((one) => {
    const tick = tickOf(one, pool(one.cell));
    return tick === undefined ? one : { ...one, cell: { ...one.cell, tick } };
  });
}

function tickOf({ cell, clockTick }: CellWithWork, all: readonly number[]): Tick | undefined {
  const own = cell.trials.flatMap(({ values }) => values);
  const scatter = medianAbsoluteDeviation(own);
  const seen = steps(own, cell) ?? (new Set(own).size === 1 ? steps(all, cell) : undefined);
  const known = [
    ...(clockTick === null ? [] : [{ step: clockTick, evidence: 'clock' as const }]),
    ...(seen === undefined ? [] : [{ step: seen, evidence: 'steps' as const }]),
  ].toSorted((a, b) => b.step - a.step)[0];
  if (known === undefined || known.step <= scatter) return undefined;
  return { ...known, share: Math.min(MOST, known.step / median(own)) };
}

function steps(values: readonly number[], { better }: Cell): number | undefined {
  return smallestStep(values) ?? (better === 'higher' ? smallestStepOfRates(values) : undefined);
}

/**
 * How far off the log ratio of two figures, or the log of one, may be, because each may be off by a step: a
 * duration is the difference of two readings, each of which may be late by up to one tick, and digits may be
 * cut off or rounded.
 */
export function openness(...ticks: readonly (Tick | undefined)[]): number {
  return ticks.reduce((sum, tick) => sum - Math.log1p(-(tick?.share ?? 0)), 0);
}

type Ticks = Pick<NonNullable<Comparison['tick']>, 'mode' | 'baseline'>;

/** Those of a mode's cell and its baseline's, and how far off the log of their ratio may be. */
export function ticksOf(mode: Cell, baseline: Cell | undefined): { ticks: Ticks; open: number } {
  const ticks = {
    ...(mode.tick === undefined ? {} : { mode: mode.tick }),
    ...(baseline?.tick === undefined ? {} : { baseline: baseline.tick }),
  };
  return { ticks, open: openness(ticks.mode, ticks.baseline) };
}

/** The uncertainty they add to a ratio; undefined if none. */
export function leftOpen({ logs, low, high }: Ratio, ticks: Ticks, open: number): Comparison['tick'] {
  if (open === 0) return undefined;
  const ends = { low: Math.exp(logs.mean - open), high: Math.exp(logs.mean + open) };
  return { ...ticks, ...ends, decides: low === ends.low || high === ends.high };
}

/** The explanation if they determine the width of an interval. */
export const WITHIN_STEP =
  'the blocks agree within one step of the figures, so the interval is as wide as one step in each arm, and more blocks don’t narrow it';

const EVIDENCE: Record<Tick['evidence'], string> = {
  clock: 'a tick of the clock that measures it',
  steps: 'the smallest step between recorded values',
};

/** Comparisons whose uncertainty is determined by the step of their figures. */
export function coarseFigures(comparisons: readonly Comparison[]): Warning[] {
  return comparisons.flatMap((one) => {
    const { mode, baseline } = one.tick ?? {};
    const tick = [mode, baseline].flatMap((tick) => tick ?? []).toSorted((a, b) => b.share - a.share)[0];
    if (tick === undefined || !one.tick?.decides) return [];
    const text =
      `${nameOf(one)}: its figures come in steps of ${Number(tick.step.toPrecision(3))} ${one.unit} (${EVIDENCE[tick.evidence]}), ${(100 * tick.share).toPrecision(2)}% of a figure, ` +
      'and scatter less than that, so the steps determine the width of its interval. Have a run do more work, use a finer clock, or print more digits';
    return [{ code: 'coarse-figure', text }];
  });
}
