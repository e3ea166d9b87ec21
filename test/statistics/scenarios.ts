/** Experiments with a known truth, of the kinds of noise that benchmarks meet. */
import type { Pair } from '../../src/statistics/pairs.ts';
import type { Random } from '../../src/statistics/prng.ts';
import { heavyTailed, standardNormal } from './draws.ts';

/** The ratio every experiment is made with. */
export const TRUTH = 1.1;

/** Samples in a trial. */
const SAMPLES = 10;

export type Scenario = (random: Random, blocks: number, truth?: number) => Pair[];

/** Trials that owe each other nothing: each has a level of its own, and its samples scatter about that. */
function independent(trial: (random: Random, level: number) => number[]): Scenario {
  return (random, blocks, truth = TRUTH) =>
    Array.from({ length: blocks }, () => ({ mode: trial(random, truth), baseline: trial(random, 1) }));
}

const times = (draw: () => number) => Array.from({ length: SAMPLES }, draw);

/**
 * One disturbance that runs on from sample to sample through the whole experiment, whatever is measured,
 * with the two arms of each block in a random order.
 */
function continuing(start: (random: Random) => () => number): Scenario {
  return (random, blocks, truth = TRUTH) => {
    const next = start(random);
    return Array.from({ length: blocks }, () => {
      const trials = { mode: [] as number[], baseline: [] as number[] };
      for (const arm of random.shuffle(['mode', 'baseline'] as const)) {
        trials[arm] = times(() => 100 * (arm === 'mode' ? truth : 1) * Math.exp(next()));
      }
      return trials;
    });
  };
}

/** Symmetric on the plain scale: 5% between trials and 5% between samples. */
export const normal = independent((random, level) => {
  const centre = 100 * level * (1 + 0.05 * standardNormal(random));
  return times(() => centre * (1 + 0.05 * standardNormal(random)));
});

/** Long to the right: a log-sd of 0.1 between trials and 0.3 between samples. */
export const logNormal = independent((random, level) => {
  const centre = 100 * level * Math.exp(0.1 * standardNormal(random));
  return times(() => centre * Math.exp(0.3 * standardNormal(random)));
});

/** Three trials in ten run in a slow state for their whole length: placement, clocks. */
export const bimodal = independent((random, level) => {
  const centre = 100 * level * Math.exp((random.next() < 0.3 ? 0.2 : 0) + 0.02 * standardNormal(random));
  return times(() => centre * Math.exp(0.02 * standardNormal(random)));
});

/** Levels of trials scatter as t with three degrees of freedom. */
export const heavyTails = independent((random, level) => {
  const centre = 100 * level * Math.exp(0.05 * heavyTailed(random));
  return times(() => centre * Math.exp(0.02 * standardNormal(random)));
});

/** 0.2% more with each sample, half as much again after ten blocks: a device that heats up. */
export const blockDrift = continuing((random) => {
  let taken = 0;
  return () => 0.002 * taken++ + 0.03 * standardNormal(random);
});

/** An AR(1) disturbance with a correlation of 0.9 from sample to sample. */
export const autocorrelated = continuing((random) => {
  let state = standardNormal(random);
  return () => {
    state = 0.9 * state + Math.sqrt(1 - 0.9 ** 2) * standardNormal(random);
    return 0.05 * state;
  };
});

/** A slow state that visits one block in ten of the mode, never the baseline; the truth includes it. */
export const rareState: Scenario = (random, blocks, truth = TRUTH) =>
  Array.from({ length: blocks }, () => {
    const noise = () => 0.01 * standardNormal(random);
    return {
      mode: truth * Math.exp((random.next() < 0.1 ? 0.18 : -0.02) + noise()),
      baseline: Math.exp(noise()),
    };
  });
