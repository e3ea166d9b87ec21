/** Whether a series moved, and how: by steps, or along a line. */
import { changePoints } from './change-points.ts';
import { condensed } from './condense.ts';
import { type Dependence, dependenceOf } from './dependence.ts';
import type { Seed } from './prng.ts';
import { type Steps, bic, stepsOf } from './steps.ts';
import { type Trend, trendOf } from './trend.ts';

/** A search's time grows with the square of the length. */
const LONGEST = 200;
/** Fewer values show no step. */
export const FEWEST_FOR_STEPS = 10;
/** By how much steps' BIC has to be the better one: 2 to 6 is positive evidence, by Kass & Raftery, JASA 90, 1995. */
const CLEARLY = 4;

export interface MovementOptions {
  readonly seed: Seed;
  /** The least step that is worth a word, as a share. */
  readonly magnitude: number;
  /** Level of the permutation test that finds steps; default 0.01. */
  readonly significance?: number;
}

export interface Movement {
  readonly trend: Trend;
  readonly steps: Steps;
  readonly isStep: boolean;
  /** Of its not having moved: the better p of both tests by Bonferroni, or the only one where so few values show no step. */
  readonly p: number;
}

/**
 * The line and the steps of a series of logs, and which of them it is. What is left over of the better one may show that
 * values depend on those before: any permutation would then find steps, and any test of a line one. Steps are then
 * those that permuting blocks of values finds, and the line is tested as that of the values that these are worth. Throws
 * RangeError for non-finite values and for fewer than two.
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

/** Before which values the level changed by enough to matter, as far as a condensed series tells. */
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
 * As many as are best for the variance of a mean of values whose correlation falls geometrically (Carlstein, Annals of
 * Statistics 14(3), 1986).
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
