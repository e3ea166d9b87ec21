import { changePoints } from '../statistics/change-points.ts';
import { condensed } from '../statistics/condense.ts';
import { type Dependence, dependenceOf } from '../statistics/dependence.ts';
import { type Seed, derive } from '../statistics/prng.ts';
import { type Steps, bic, stepsOf } from '../statistics/steps.ts';
import { type Trend, trendOf } from '../statistics/trend.ts';
import type { Cell } from './results.ts';

/** A search's time grows with the square of the length. */
const MOST_BLOCKS = 200;
/** Fewer blocks show no step. */
const FEWEST_BLOCKS = 10;
/** By how much steps' BIC has to be the better one: 2 to 6 is positive evidence, by Kass & Raftery, JASA 90, 1995. */
const CLEARLY = 4;

/** How a cell's figures moved over the blocks. */
export interface Movement {
  cell: Cell;
  /** Of each block. */
  logs: Float64Array;
  trend: Trend;
  steps: Steps;
  isStep: boolean;
  /** Of its not having moved: the better p of both tests by Bonferroni, or the only one where so few blocks show no step. */
  p: number;
}

/**
 * The line and the steps of a cell's figures in logs, and which of them they are. What is left over of the better one may show
 * that blocks depend on those before: any permutation would then find steps, and any test of a line one. Steps are then
 * those that permuting blocks of blocks finds, and the line is tested as that of the blocks that these are worth.
 * @param magnitude the least step that is worth a word, as a share
 */
export function movementOf(cell: Cell, seed: Seed, magnitude: number): Movement {
  const own = derive(seed, 'steps', cell.mode, cell.workload, cell.metric);
  const logs = Float64Array.from(cell.trials, ({ values }) => meanLog(values));
  const found = modelled(cell, logs, { seed: own, magnitude });
  const dependence = dependenceOf(leftOver(found), own);
  return dependence === undefined ? found : modelled(cell, logs, { seed: own, magnitude, dependence });
}

interface Search {
  seed: Seed;
  magnitude: number;
  dependence?: Dependence;
}

function modelled(cell: Cell, logs: Float64Array, search: Search): Movement {
  const n = logs.length;
  const changes = n < FEWEST_BLOCKS ? [] : changesIn(logs, search);
  const [trend, steps] = [trendOf(logs, search.dependence?.effective.n), stepsOf(logs, changes)];
  // A line has two parameters; steps have a level each, and each place between them.
  const isStep =
    steps.indices.length > 0 &&
    bic(n, steps.residual, 2 * steps.indices.length + 1) + CLEARLY < bic(n, trend.residual, 2);
  const p = n < FEWEST_BLOCKS ? trend.p : Math.min(1, 2 * Math.min(trend.p, steps.p));
  return { cell, logs, trend, steps, isStep, p };
}

/** Before which blocks the level changed by enough to matter, as far as a condensed series tells. */
function changesIn(logs: Float64Array, { seed, magnitude, dependence }: Search): number[] {
  const levels = condensed(logs, MOST_BLOCKS).map(Math.exp);
  return changePoints(levels, {
    seed,
    significance: 0.01,
    minimumSize: 3,
    blockLength: dependence === undefined ? 1 : blockLength(levels.length, dependence),
    minimumMagnitude: magnitude,
  }).map(({ index }) => Math.round((index * logs.length) / levels.length));
}

/**
 * As many as are best for the variance of a mean of values whose correlation falls geometrically (Carlstein, Annals of
 * Statistics 14(3), 1986).
 */
function blockLength(n: number, { correlation: r }: Dependence): number {
  return Math.max(2, Math.ceil(n ** (1 / 3) * ((2 * r) / (1 - r * r)) ** (2 / 3)));
}

function leftOver({ logs, trend, steps, isStep }: Movement): Float64Array {
  if (!isStep) return logs.map((log, i) => log - trend.slope * i);
  const ends = [0, ...steps.indices, logs.length];
  const rest = logs.slice();
  for (const [i, to] of ends.slice(1).entries()) {
    const level = rest.subarray(ends[i], to);
    const mean = level.reduce((sum, log) => sum + log / level.length, 0);
    level.set(level.map((log) => log - mean));
  }
  return rest;
}

function meanLog(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;
}
