/** The step in which a cell's figures come, where it leaves something open about their mean. */
import type { Ratio } from '../statistics/ratio.ts';
import { median, medianAbsoluteDeviation } from '../statistics/quantile.ts';
import { smallestStep, smallestStepOfRates } from '../statistics/quantisation.ts';
import type { CellWithWork } from './cells.ts';
import { nameOf } from './cell-name.ts';
import type { Cell, Comparison } from './results.ts';
import type { Warning } from './warning.ts';

type Tick = NonNullable<Cell['tick']>;

/** A figure that is known no better than this bounds nothing, and the logarithm of what is left has to be finite. */
const MOST = 0.5;

/**
 * The cells, each with its tick where rounding to it does not average out: most figures are within one step of their
 * median. Where they scatter over more, which is a standard deviation of 0.74 steps and more on normal data, what rounding
 * adds to a mean is under a thousandth of a step (it falls with exp(-2 π² sd²/step²): Widrow and Kollár, "Quantization
 * Noise", 2008, chapter 4). The step is known from the guest's clock, where
 * the figure is a duration by it; else from the smallest step between the values recorded, the cell's own or, where those
 * are all one, those of all modes.
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
 * How far the log ratio of two figures may be off, or the log of one, since each may be off by a step: a duration is the
 * difference of two readings, each of which may be late by up to one tick, and digits may be cut off or rounded.
 */
export function openness(...ticks: readonly (Tick | undefined)[]): number {
  return ticks.reduce((sum, tick) => sum - Math.log1p(-(tick?.share ?? 0)), 0);
}

type Ticks = Pick<NonNullable<Comparison['tick']>, 'mode' | 'baseline'>;

/** Those of a mode's cell and its baseline's, and how far the log of their ratio may be off. */
export function ticksOf(mode: Cell, baseline: Cell | undefined): { ticks: Ticks; open: number } {
  const ticks = {
    ...(mode.tick === undefined ? {} : { mode: mode.tick }),
    ...(baseline?.tick === undefined ? {} : { baseline: baseline.tick }),
  };
  return { ticks, open: openness(ticks.mode, ticks.baseline) };
}

/** What they leave open of a ratio; undefined where that is nothing. */
export function leftOpen({ logs, low, high }: Ratio, ticks: Ticks, open: number): Comparison['tick'] {
  if (open === 0) return undefined;
  const ends = { low: Math.exp(logs.mean - open), high: Math.exp(logs.mean + open) };
  return { ...ticks, ...ends, decides: low === ends.low || high === ends.high };
}

/** What is to be said where they decide how wide an interval is. */
export const WITHIN_STEP =
  'the blocks agree within one step of the figures, so the interval is as wide as a step in each arm leaves it, and more blocks don’t narrow it';

const EVIDENCE: Record<Tick['evidence'], string> = {
  clock: 'a tick of the clock that it is a duration by',
  steps: 'the smallest between those recorded',
};

/** Comparisons of which the step of their figures decides how surely they are known. */
export function coarseFigures(comparisons: readonly Comparison[]): Warning[] {
  return comparisons.flatMap((one) => {
    const { mode, baseline } = one.tick ?? {};
    const tick = [mode, baseline].flatMap((tick) => tick ?? []).toSorted((a, b) => b.share - a.share)[0];
    if (tick === undefined || !one.tick?.decides) return [];
    const text =
      `${nameOf(one)}: its figures come in steps of ${Number(tick.step.toPrecision(3))} ${one.unit} (${EVIDENCE[tick.evidence]}), ${(100 * tick.share).toPrecision(2)}% of a figure, ` +
      'and scatter less, so that its interval is as wide as the steps leave it. Have a run do more work, take a finer clock, or print more digits';
    return [{ code: 'coarse-figure', text }];
  });
}
