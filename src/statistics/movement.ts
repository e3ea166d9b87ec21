/** Whether a series moved, and how: in steps, or along a line. */
import { changePoints } from './change-points.ts';
import { condensed } from './condense.ts';
import { type Dependence, dependenceOf } from './dependence.ts';
import type { Seed } from './prng.ts';
import { type Steps, bic, stepsOf } from './steps.ts';
import { type Trend, trendOf } from './trend.ts';

/** A search takes quadratic time in the length. */
const LONGEST = 200;
/** Fewer values can't show a step. */
export const FEWEST_FOR_STEPS = 10;
/**
 * By how much the BIC of steps must be better: 2 to 6 is positive evidence, by Kass & Raftery, JASA 90, 1995.
 */
const CLEARLY = 4;

export interface MovementOptions {
  readonly seed: Seed;
  /** The smallest reported step, as a share. */
  readonly magnitude: number;
  /** Level of the permutation test that finds steps; default 0.01. */
  readonly significance?: number;
}

export interface Movement {
  readonly trend: Trend;
  readonly steps: Steps;
  readonly isStep: boolean;
  /**
   * For the hypothesis that it has not moved: the better p of both tests with Bonferroni's correction, or the
   * only one if there are too few values for steps.
   */
  readonly p: number;
}

/**
 * The line and the steps of a series of logs, and which of them fits. The residuals of the better one may
 * show correlation: then any permutation would find steps, and any test of a line would find one. In that
 * case steps are found by permuting blocks of values, and the line is tested with the equivalent number of
 * independent values. Throws RangeError for non-finite values and for fewer than two.
 */
export function movementOf(logs: Float64Array, options: MovementOptions): Movement {
  const found = modelled(logs, options);
  const dependence = dependenceOf(leftOver(logs, found), options.seed);
  return dependence === undefined ? found : modelled(logs, { ...options, dependence });
}

interface Search extends MovementOptions {
  dependence?: Dependence;
}

function modelled(logs: Float64Array, search: Search): Movement {
  const n = logs.length;
  const changes = n < FEWEST_FOR_STEPS ? [] : changesIn(logs, search);
  const [trend, steps] = [trendOf(logs, search.dependence?.effective.n), stepsOf(logs, changes)];
  // A line has two parameters; steps have a level each, and each place between them.
  const isStep =
    steps.indices.length > 0 &&
    bic(n, steps.residual, 2 * steps.indices.length + 1) + CLEARLY < bic(n, trend.residual, 2);
  const p = n < FEWEST_FOR_STEPS ? trend.p : Math.min(1, 2 * Math.min(trend.p, steps.p));
  return { trend, steps, isStep, p };
}

/** The positions before which the level changed enough to matter, as far as a condensed series shows. */
function changesIn(
  logs: Float64Array,
  { seed, magnitude, significance = 0.01, dependence }: Search,
): number[] {
  const levels = condensed(logs, LONGEST).map(Math.exp);
  return changePoints(levels, {
    seed,
    significance,
    // One of them may be as strong as what was found.
    permutations: Math.ceil(2 / significance) - 1,
    minimumSize: 3,
    blockLength: dependence === undefined ? 1 : blockLength(levels.length, dependence),
    minimumMagnitude: magnitude,
  }).map(({ index }) => Math.round((index * logs.length) / levels.length));
}

/**
 * The optimal number for the variance of a mean of values whose correlation decays geometrically (Carlstein,
 * Annals of Statistics 14(3), 1986).
 */
function blockLength(n: number, { correlation: r }: Dependence): number {
  return Math.max(2, Math.ceil(n ** (1 / 3) * ((2 * r) / (1 - r * r)) ** (2 / 3)));
}

function leftOver(logs: Float64Array, { trend, steps, isStep }: Movement): Float64Array {
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
