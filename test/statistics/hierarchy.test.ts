import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resampleUnits } from '../../src/statistics/hierarchy.ts';
import { mean, standardDeviation } from '../../src/statistics/moments.ts';
import { unitsOf, type Pair } from '../../src/statistics/pairs.ts';
import { derive, seeded, type Random } from '../../src/statistics/prng.ts';
import { quantile } from '../../src/statistics/quantile.ts';
import { standardNormal } from './draws.ts';
import { close } from './reference.ts';

interface Samples {
  readonly boot: number;
  readonly mode: number[];
  readonly baseline: number[];
}

/** Skewed samples, so that the normal draw of the last level has something to get wrong. */
function experiment(boots: number, blocks: number, samples: number): Samples[] {
  const random = seeded(derive('hierarchy', boots, blocks, samples));
  const trial = (level: number) =>
    Array.from({ length: samples }, () => Math.exp(level - 0.2 * Math.log(1 - random.next())));
  return Array.from({ length: boots }, (_, boot) => {
    const shift = 0.1 * standardNormal(random);
    return Array.from({ length: blocks }, () => {
      const level = 0.05 * standardNormal(random);
      return { boot, mode: trial(shift + level), baseline: trial(0.05 * standardNormal(random)) };
    });
  }).flat();
}

/** Every level drawn one by one, as the definition says. */
function bruteForce(boots: readonly Samples[][], random: Random, resamples: number): Float64Array {
  const one = <T>(items: readonly T[]) => items[random.integer(items.length)]!;
  const again = (samples: readonly number[]) => mean(samples.map(() => Math.log(one(samples))));
  return Float64Array.from({ length: resamples }, () =>
    mean(
      boots.map(() => {
        const boot = one(boots);
        return mean(
          boot.map(() => {
            const { mode, baseline } = one(boot);
            return again(mode) - again(baseline);
          }),
        );
      }),
    ),
  );
}

describe('the hierarchical bootstrap', () => {
  for (const [boots, blocks, samples] of [
    [5, 4, 3],
    [4, 3, 12],
    [10, 1, 2],
    [10, 1, 30],
  ] as const) {
    it(`agrees with the brute force: ${boots} boots of ${blocks} blocks of ${samples} samples`, () => {
      const data = experiment(boots, blocks, samples);
      const grouped = Array.from({ length: boots }, (_, boot) => data.filter((block) => block.boot === boot));
      const slow = bruteForce(grouped, seeded('brute force'), 20_000);
      const fast = resampleUnits(unitsOf(data), { seed: 3, resamples: 20_000 });
      const spread = standardDeviation(slow);
      assert.ok(Math.abs(mean(fast) - mean(slow)) < 0.04 * spread, 'means');
      close(standardDeviation(fast) / spread, 1, 'spreads', 0.03);
      for (const p of [0.005, 0.025, 0.25, 0.75, 0.975, 0.995]) {
        const difference = Math.abs(quantile(fast, p) - quantile(slow, p)) / spread;
        assert.ok(
          difference < (p < 0.01 || p > 0.99 ? 0.12 : 0.06),
          `quantile ${p} is off by ${difference} sd`,
        );
      }
    });
  }

  it('spreads by what the units spread, plus what the samples do', () => {
    const pairs = Array.from({ length: 8 }, (_, i) => ({
      mode: [Math.exp(i), Math.exp(i + 2)],
      baseline: 1,
    }));
    const replicates = resampleUnits(unitsOf(pairs), { seed: 1, resamples: 50_000 });
    // Units: variance 63/12 of the eight levels; samples: 1 for each trial, halved in a mean of two.
    close(standardDeviation(replicates), Math.sqrt((63 / 12 + 1 / 2) / 8), 'spread', 0.01);
  });

  it('draws the same units for every cell of a seed, and other samples', () => {
    const single = unitsOf([1, 2, 4, 8, 16].map((mode) => ({ mode, baseline: 1 })));
    const sampled = unitsOf([1, 2, 4, 8, 16].map((mode) => ({ mode: [mode, mode * 3], baseline: 1 })));
    const replicates = (units: typeof single, cell: string) =>
      resampleUnits(units, { seed: 5, resamples: 50, cell });
    assert.deepEqual(replicates(single, 'a'), replicates(single, 'b'));
    assert.notDeepEqual(replicates(sampled, 'a'), replicates(sampled, 'b'));
  });

  it('refuses a number of resamples that is none', () => {
    const units = unitsOf([{ mode: 1, baseline: 1 }]);
    for (const resamples of [0, 1, 2.5, NaN])
      assert.throws(() => resampleUnits(units, { seed: 1, resamples }), RangeError);
  });
});

describe('units', () => {
  const pair = (boot?: number): Pair => ({ mode: 2, baseline: 1, ...(boot === undefined ? {} : { boot }) });

  it('are the boots where there are several, and else the blocks', () => {
    assert.deepEqual(
      unitsOf([pair(1), pair(2), pair(1)]).map((unit) => unit.length),
      [2, 1],
    );
    assert.deepEqual(
      unitsOf([pair(1), pair(1)]).map((unit) => unit.length),
      [1, 1],
    );
    assert.deepEqual(
      unitsOf([pair(), pair()]).map((unit) => unit.length),
      [1, 1],
    );
  });

  it('refuse no pairs, half-named boots, and what has no logarithm, with its place', () => {
    assert.throws(() => unitsOf([]), /at least 1 pair, found 0/);
    assert.throws(() => unitsOf([pair(1), pair()]), /name their boot or none, found 1 without/);
    assert.throws(
      () => unitsOf([pair(), { mode: [1, 0], baseline: 1 }]),
      /pair 1's mode needs values above zero, found 0/,
    );
    assert.throws(
      () => unitsOf([{ mode: 1, baseline: [] }]),
      /pair 0's baseline needs at least 1 value, found 0/,
    );
    assert.throws(() => unitsOf([{ mode: NaN, baseline: 1 }]), /finite values, found NaN/);
  });
});
