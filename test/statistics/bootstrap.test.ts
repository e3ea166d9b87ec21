import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bcaInterval } from '../../src/statistics/bca.ts';
import { bootstrap } from '../../src/statistics/bootstrap.ts';
import { normalQuantile } from '../../src/statistics/normal.ts';
import { mean, standardDeviation } from '../../src/statistics/moments.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { draws, standardNormal } from './draws.ts';
import { close, reference } from './reference.ts';

const { bca } = reference;

describe('the BCa bootstrap', () => {
  for (const [name, expected, statistic] of [
    ['the mean of normal data', bca.meanOfNormal, mean],
    ['the mean of skewed data', bca.meanOfLognormal, mean],
    ['the sd, which is biased', bca.sdOfNormal, standardDeviation],
  ] as const) {
    it(`agrees with scipy's within Monte-Carlo error: ${name}`, () => {
      const { values, confidence, standardError } = expected;
      const result = bootstrap(values, statistic, { seed: 1, resamples: 100_000, confidence });
      // An end at the 2.5% point of 10^5 replicates has a standard error of 0.009 of theirs.
      assert.ok(
        Math.abs(result.low! - expected.low) < 0.04 * standardError,
        `low ${result.low}, ${expected.low}`,
      );
      assert.ok(
        Math.abs(result.high! - expected.high) < 0.04 * standardError,
        `high ${result.high}, ${expected.high}`,
      );
    });
  }

  it('undoes a known bias and acceleration', () => {
    // Replicates at the quantiles of a normal that is shifted by 0.2: its bias is -0.2 and its ends follow.
    const replicates = Float64Array.from(
      { length: 99_999 },
      (_, i) => normalQuantile((i + 1) / 100_000) + 0.2,
    );
    const jackknife = [-1, -1, -1, 3];
    const { low, high } = bcaInterval({ estimate: 0, replicates, jackknife, confidence: 0.9 });
    const bias = -0.2;
    const acceleration = -24 / (6 * 12 ** 1.5);
    const end = (z: number) => bias + (bias + z) / (1 - acceleration * (bias + z)) + 0.2;
    close(low, end(normalQuantile(0.05)), 'low', 1e-3);
    close(high, end(normalQuantile(0.95)), 'high', 1e-3);
  });

  it('counts replicates that equal the estimate half: symmetric ones have no bias', () => {
    const replicates = Float64Array.from(
      { length: 10_001 },
      (_, i) => Math.sign(i - 5000) * Math.max(0, Math.abs(i - 5000) - 2000),
    );
    const { low, high } = bcaInterval({ estimate: 0, replicates, jackknife: [-1, 1], confidence: 0.9 });
    close(low, -2500, 'low', 1e-3);
    close(high, 2500, 'high', 1e-3);
  });

  it('draws as many values for a resample as there are, by the seed, one after the other', () => {
    const values = [1, 2, 4, 8, 16];
    const seen: number[][] = [];
    bootstrap(
      values,
      (sample) => {
        seen.push([...sample]);
        return mean(sample);
      },
      { seed: 7, resamples: 3 },
    );
    const random = seeded(7);
    const drawn = Array.from({ length: 3 }, () => values.map(() => values[random.integer(5)]!));
    assert.deepEqual(seen.slice(0, 4), [values, ...drawn]);
  });

  it('is the same for the same seed and another for another', () => {
    const random = seeded('values');
    const values = draws(12, () => standardNormal(random));
    const once = (seed: number) => bootstrap(values, mean, { seed, resamples: 500 });
    assert.deepEqual(once(1), once(1));
    assert.notDeepEqual(once(1), once(2));
  });

  it('covers the mean of 50 normal values in 93 to 97% of 2,000 experiments', () => {
    const random = seeded('bca coverage');
    let covered = 0;
    for (let experiment = 0; experiment < 2000; experiment++) {
      const values = draws(50, () => standardNormal(random));
      const { low, high } = bootstrap(values, sum, { seed: experiment, resamples: 400 });
      if (low! <= 0 && high! >= 0) covered++;
    }
    assert.ok(covered >= 1860 && covered <= 1940, `${covered} of 2000`);
  });

  it('is null for one value, has no width where all are equal, and refuses none', () => {
    assert.deepEqual(bootstrap([3], mean, { seed: 1 }), { estimate: 3, low: null, high: null });
    assert.deepEqual(bootstrap([3, 3, 3], mean, { seed: 1, resamples: 100 }), {
      estimate: 3,
      low: 3,
      high: 3,
    });
    assert.throws(() => bootstrap([], mean, { seed: 1 }), RangeError);
    assert.throws(() => bootstrap([1, 2], () => NaN, { seed: 1 }), /finite values, found NaN/);
  });
});

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
