import { holm } from '../statistics/adjust.ts';
import { changePoints } from '../statistics/change-points.ts';
import { condensed } from '../statistics/condense.ts';
import { type Seed, derive } from '../statistics/prng.ts';
import { trendOf } from '../statistics/trend.ts';
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

/**
 * What the cells' figures did over the blocks, which paired ratios cancel as far as all modes share it: a drift
 * (the least-squares trend, Holm over the cells), or where there is none a step (E-divisive).
 */
export function steadinessWarnings(cells: readonly Cell[], seed: Seed): Warning[] {
  const series = cells
    .filter(({ trials }) => trials.length >= 3)
    .map((cell) => ({ cell, logs: cell.trials.map(({ values }) => meanLog(values)) }));
  const trends = series.map(({ logs }) => trendOf(logs));
  const adjusted = holm(trends.map(({ p }) => p));
  return series.flatMap(({ cell, logs }, index) => {
    const drift = Math.expm1((trends[index]?.slope ?? 0) * (logs.length - 1));
    if ((adjusted[index] ?? 1) <= LEVEL && Math.abs(drift) >= MAGNITUDE)
      return [driftWarning(cell, drift, logs.length)];
    return stepWarnings(cell, logs, seed);
  });
}

function driftWarning(cell: Cell, drift: number, blocks: number): Warning {
  return {
    code: 'drift',
    text:
      `${nameOf(cell)}: ${changed(drift)} steadily over ${blocks} blocks. Ratios are paired by block, so what all modes share ` +
      'cancels; what they don’t is in the ratio. Let the machine reach its temperature before the run, or fix its clocks',
  };
}

function stepWarnings(cell: Cell, logs: readonly number[], seed: Seed): Warning[] {
  if (logs.length < FEWEST_BLOCKS) return [];
  const levels = condensed(logs, MOST_BLOCKS).map(Math.exp);
  return changePoints(levels, {
    seed: derive(seed, 'steps', cell.mode, cell.workload, cell.metric),
    significance: 0.01,
    minimumSize: 3,
    minimumMagnitude: MAGNITUDE,
  }).map(({ index, before, after }) => {
    const trial = cell.trials[Math.round((index * logs.length) / levels.length)];
    return {
      code: 'step',
      text:
        `${nameOf(cell)}: ${changed(after / before - 1)} at block ${trial?.block ?? 0} (${trial?.wall ?? ''}) and stayed there. ` +
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
