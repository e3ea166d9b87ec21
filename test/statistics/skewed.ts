/** Trials whose times lean to one side, as latencies do. Each draw is a log with a mean of 0. */
import type { Random } from '../../src/statistics/prng.ts';
import { standardNormal } from './draws.ts';

export type Draw = () => number;
type Noise = (random: Random) => Draw;

const EULER = 0.5772156649015329;

/** Gamma with shape 0.5, half the square of a normal; its log has a mean of psi(1/2) = -gamma - 2 ln 2. */
export const gamma: Noise = (random) => () =>
  Math.log(standardNormal(random) ** 2 / 2) + EULER + 2 * Math.LN2;

const weibullOf = (random: Random, shape: number) => (-Math.log(1 - random.next())) ** (1 / shape);

/** Weibull with shape 0.6; its log has a mean of -gamma / shape. */
export const weibull: Noise = (random) => () => Math.log(weibullOf(random, 0.6)) + EULER / 0.6;

/** 1 + 0.2 Weibull(0.6): a floor, and a long tail above it. */
export const latency: Noise = (random) => () => Math.log1p(0.2 * weibullOf(random, 0.6)) - MEAN_LATENCY;

/** By the midpoint rule over the distribution's quantiles. */
const MEAN_LATENCY = (() => {
  const steps = 100_000;
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += Math.log1p(0.2 * (-Math.log((i + 0.5) / steps)) ** (1 / 0.6));
  return sum / steps;
})();

/** A trial without noise of its own. */
export const nothing: Noise = () => () => 0;

const quiet: Noise = (random) => () => 0.01 * standardNormal(random);

const inEitherOrBoth = (name: string, noise: Noise, latencies = false) => [
  { name: `${name} in the mode`, mode: noise, baseline: quiet, latencies },
  { name: `${name} in the baseline`, mode: quiet, baseline: noise, latencies },
  { name: `${name} in both`, mode: noise, baseline: noise, latencies },
];

export const SKEWED_PAIRS = [
  ...inEitherOrBoth('gamma 0.5', gamma),
  ...inEitherOrBoth('Weibull 0.6', weibull),
  ...inEitherOrBoth('latency', latency, true),
];
