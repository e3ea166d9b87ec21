import { holm } from '../statistics/adjust.ts';
import { changePoints } from '../statistics/change-points.ts';
import { condensed } from '../statistics/condense.ts';
import { type Seed, derive } from '../statistics/prng.ts';
import { median } from '../statistics/quantile.ts';
import { type Steps, bic, stepsOf } from '../statistics/steps.ts';
import { type Trend, trendOf } from '../statistics/trend.ts';
import { nameOf } from './cell-name.ts';
import type { Cell } from './results.ts';
import type { Warning } from './warning.ts';

/** A search's time grows with the square of the length. */
const MOST_BLOCKS = 200;
/** Fewer blocks show no change point. */
const FEWEST_BLOCKS = 10;
/** Smaller changes over a run are of no consequence. */
const MAGNITUDE = 0.02;
const LEVEL = 0.05;
/** By how much steps' BIC has to be the better one: 2 to 6 is positive evidence, by Kass & Raftery, JASA 90, 1995. */
const CLEARLY = 4;

/**
 * What the cells' figures did over the blocks, which paired ratios cancel as far as all modes share it: a drift
 * (the least-squares trend) or steps (E-divisive), steps where their BIC is better by much. A cell is spoken of where the better p of
 * both passes Holm's adjustment over the cells.
 */
export function steadinessWarnings(cells: readonly Cell[], seed: Seed): Warning[] {
  const series = cells.filter(({ trials }) => trials.length >= 3).map((cell) => movementOf(cell, seed));
  const adjusted = holm(series.map(pOf));
  return series.flatMap(({ cell, logs, trend, steps }, index) => {
    if ((adjusted[index] ?? 1) > LEVEL) return [];
    const n = logs.length;
    // A line has two parameters; steps have a level each, and each place between them.
    const isStep =
      steps.indices.length > 0 &&
      bic(n, steps.residual, 2 * steps.indices.length + 1) + CLEARLY < bic(n, trend.residual, 2);
    if (isStep) return stepWarnings(cell, logs, steps.indices);
    const drift = Math.expm1(trend.slope * (n - 1));
    return Math.abs(drift) >= MAGNITUDE ? [driftWarning(cell, drift, n)] : [];
  });
}

interface Movement {
  cell: Cell;
  logs: number[];
  trend: Trend;
  steps: Steps;
}

/** Of a cell that does not move: the better p of two tests by Bonferroni, or the only one where so few blocks show no step. */
function pOf({ logs, trend, steps }: Movement): number {
  return logs.length < FEWEST_BLOCKS ? trend.p : Math.min(1, 2 * Math.min(trend.p, steps.p));
}

function movementOf(cell: Cell, seed: Seed): Movement {
  const logs = cell.trials.map(({ values }) => meanLog(values));
  const found = logs.length < FEWEST_BLOCKS ? [] : changesIn(cell, logs, seed);
  return { cell, logs, trend: trendOf(logs), steps: stepsOf(logs, found) };
}

/** Before which blocks the level changed by enough to matter, as far as a condensed series tells. */
function changesIn(cell: Cell, logs: readonly number[], seed: Seed): number[] {
  const levels = condensed(logs, MOST_BLOCKS).map(Math.exp);
  return changePoints(levels, {
    seed: derive(seed, 'steps', cell.mode, cell.workload, cell.metric),
    significance: 0.01,
    minimumSize: 3,
    minimumMagnitude: MAGNITUDE,
  }).map(({ index }) => Math.round((index * logs.length) / levels.length));
}

function driftWarning(cell: Cell, drift: number, blocks: number): Warning {
  return {
    code: 'drift',
    text:
      `${nameOf(cell)}: ${changed(drift)} steadily over ${blocks} blocks. Ratios are paired by block, so what all modes share ` +
      'cancels; what they don’t is in the ratio. Let the machine reach its temperature before the run, or fix its clocks',
  };
}

function stepWarnings(cell: Cell, logs: readonly number[], indices: readonly number[]): Warning[] {
  const ends = [0, ...indices, logs.length];
  const levels = ends.slice(1).map((to, i) => median(logs.slice(ends[i], to)));
  return indices.map((index, i) => {
    const trial = cell.trials[index];
    const step = Math.expm1((levels[i + 1] ?? 0) - (levels[i] ?? 0));
    return {
      code: 'step',
      text:
        `${nameOf(cell)}: ${changed(step)} at block ${trial?.block ?? 0} (${trial?.wall ?? ''}) and stayed there. ` +
        'Look at incidents and noise about that time; if something else ran, run the experiment again without it',
    };
  });
}

function changed(share: number): string {
  return `its figure ${share > 0 ? 'rose' : 'fell'} by ${(Math.abs(share) * 100).toFixed(1)}%`;
}

function meanLog(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;
}
