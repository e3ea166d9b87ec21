import { holm } from '../statistics/adjust.ts';
import { movementOf } from '../statistics/movement.ts';
import { type Seed, derive } from '../statistics/prng.ts';
import { median } from '../statistics/quantile.ts';
import { nameOf } from './cell-name.ts';
import type { Cell } from './results.ts';
import type { Warning } from './warning.ts';

/** Smaller changes over a run are ignored. */
const MAGNITUDE = 0.02;
const LEVEL = 0.05;

/**
 * How the cells' figures changed over the blocks, which paired ratios cancel as far as all modes share it: a
 * drift (the least-squares trend) or steps (E-divisive); steps if their BIC is clearly better. A cell is
 * reported if the better p of the two passes Holm's correction over the cells.
 */
export function steadinessWarnings(cells: readonly Cell[], seed: Seed): Warning[] {
  const movements = cells
    .filter(({ trials }) => trials.length >= 3)
    .map((cell) => {
      const logs = Float64Array.from(cell.trials, ({ values }) => meanLog(values));
      const own = derive(seed, 'steps', cell.mode, cell.workload, cell.metric);
      return { cell, logs, ...movementOf(logs, { seed: own, magnitude: MAGNITUDE }) };
    });
  const adjusted = holm(movements.map(({ p }) => p));
  return movements.flatMap(({ cell, logs, trend, steps, isStep }, index) => {
    if ((adjusted[index] ?? 1) > LEVEL) return [];
    if (isStep) return stepWarnings(cell, logs, steps.indices);
    const drift = Math.expm1(trend.slope * (logs.length - 1));
    return Math.abs(drift) >= MAGNITUDE ? [driftWarning(cell, drift, logs.length)] : [];
  });
}

function driftWarning(cell: Cell, drift: number, blocks: number): Warning {
  return {
    code: 'drift',
    text:
      `${nameOf(cell)}: ${changed(drift)} steadily over ${blocks} blocks. Ratios are paired by block, so whatever all modes share ` +
      'cancels; whatever they don’t affects the ratio. Let the machine reach its temperature before the run, or fix its clocks',
  };
}

function stepWarnings(cell: Cell, logs: Float64Array, indices: readonly number[]): Warning[] {
  const ends = [0, ...indices, logs.length];
  const levels = ends.slice(1).map((to, i) => median(logs.subarray(ends[i], to)));
  return indices.map((index, i) => {
    const trial = cell.trials[index];
    const step = Math.expm1((levels[i + 1] ?? 0) - (levels[i] ?? 0));
    return {
      code: 'step',
      text:
        `${nameOf(cell)}: ${changed(step)} at block ${trial?.block ?? 0} (${trial?.wall ?? ''}) and stayed there. ` +
        'See incidents and noise around that time; if something else was running, run the experiment again without it',
    };
  });
}

function changed(share: number): string {
  return `its figure ${share > 0 ? 'rose' : 'fell'} by ${(Math.abs(share) * 100).toFixed(1)}%`;
}

function meanLog(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;
}
