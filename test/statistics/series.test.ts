import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { autocorrelation, effectiveSampleSize } from '../../src/statistics/autocorrelation.ts';
import { changePoints } from '../../src/statistics/change-points.ts';
import { bestSplit } from '../../src/statistics/energy.ts';
import { shuffledBlocks } from '../../src/statistics/shuffle.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { draws, heavyTailed, standardNormal } from './draws.ts';
import { close, reference } from './reference.ts';
import { autoregressive } from './series.ts';

describe('autocorrelation', () => {
  it("agrees with numpy's", () => {
    const { values, expected } = reference.autocorrelation;
    const found = autocorrelation(values, expected.length - 1);
    for (const [lag, value] of expected.entries()) close(found[lag]!, value, `lag ${lag}`);
  });

  it('is none in a constant series, nor beyond its end', () => {
    assert.deepEqual([...autocorrelation([0.1, 0.1, 0.1], 2)], [1, 0, 0]);
    assert.deepEqual([...autocorrelation(new Array<number>(10).fill(0.1), 1)], [1, 0]);
    assert.equal(effectiveSampleSize(new Array<number>(10).fill(0.1)), 10);
    assert.deepEqual([...autocorrelation([1, 2], 3)].slice(2), [0, 0]);
    assert.throws(() => autocorrelation([], 1), RangeError);
  });
});

describe('the effective sample size', () => {
  it('is n (1 - r) / (1 + r) of an AR(1) series, within a tenth', () => {
    for (const correlation of [0.3, 0.6, 0.9]) {
      const n = 50_000;
      const expected = (n * (1 - correlation)) / (1 + correlation);
      const found = effectiveSampleSize(autoregressive(n, correlation, `ess ${correlation}`));
      assert.ok(Math.abs(found / expected - 1) < 0.1, `${found} of ${expected} at ${correlation}`);
    }
  });

  it('is nearly n of independent values, and never more, nor less than 1', () => {
    const found = effectiveSampleSize(draws(20_000, () => standardNormal(random)));
    assert.ok(found > 18_000 && found <= 20_000, `${found}`);
    assert.equal(effectiveSampleSize(autoregressive(1000, -0.9, 'alternating')), 1000);
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const size = effectiveSampleSize(values);
        return size >= 1 && size <= values.length;
      }),
    );
  });

  const random = seeded('white');
});

describe('the energy split', () => {
  it('is where the definition, summed pair by pair, is largest', () => {
    const random = seeded('energy');
    for (let round = 0; round < 20; round++) {
      const values = draws(14, () => standardNormal(random) + (random.next() < 0.5 ? 2 : 0));
      const { at, strength } = bestSplit(values, 3)!;
      const expected = slowSplit([...values], 3);
      assert.equal(at, expected.at);
      close(strength, expected.strength);
    }
  });

  it('is none where there is no room', () => {
    assert.equal(bestSplit(Float64Array.of(1, 2, 3, 4, 5), 3), undefined);
    assert.equal(bestSplit(Float64Array.of(1, 1, 1, 2, 2, 2), 3)?.at, 3);
  });
});

/** Equations 5 to 7 of Matteson & James (2014), literally. */
function slowSplit(values: number[], least: number): { at: number; strength: number } {
  const meanDistance = (one: number[], other: number[]) =>
    one.flatMap((a) => other.map((b) => Math.abs(a - b))).reduce((sum, d) => sum + d) /
    (one.length * other.length);
  const meanWithin = (one: number[]) => (meanDistance(one, one) * one.length) / (one.length - 1);
  let best = { at: 0, strength: -Infinity };
  for (let at = least; at <= values.length - least; at++) {
    for (let end = at + least; end <= values.length; end++) {
      const [x, y] = [values.slice(0, at), values.slice(at, end)];
      const energy = 2 * meanDistance(x, y) - meanWithin(x) - meanWithin(y);
      const strength = ((x.length * y.length) / (x.length + y.length)) * energy;
      if (strength > best.strength) best = { at, strength };
    }
  }
  return best;
}

describe('change points', () => {
  const levels = (counts: readonly (readonly [number, number])[], seed: string, noise = 1) => {
    const random = seeded(seed);
    return Float64Array.from(
      counts.flatMap(([n, level]) => [...draws(n, () => level + noise * standardNormal(random))]),
    );
  };

  it('finds the two steps of a series, to the value', () => {
    const series = levels(
      [
        [30, 100],
        [20, 110],
        [40, 103],
      ],
      'steps',
    );
    const found = changePoints(series, { seed: 1 });
    assert.deepEqual(
      found.map(({ index }) => index),
      [30, 50],
    );
    for (const { p } of found) assert.ok(p <= 0.05);
    close(found[0]!.magnitude, 0.1, 'magnitude', 0.01);
    close(found[0]!.before, 100, 'before', 0.01);
    close(found[1]!.before, found[0]!.after, 'the same segment');
  });

  it('finds a change of spread alone', () => {
    const random = seeded('spread');
    const series = Float64Array.from([
      ...draws(60, () => 100 + standardNormal(random)),
      ...draws(60, () => 100 + 8 * standardNormal(random)),
    ]);
    const [only, ...others] = changePoints(series, { seed: 1 });
    assert.equal(others.length, 0);
    assert.ok(Math.abs(only!.index - 60) <= 5, `found at ${only!.index}`);
  });

  it('leaves out changes under the minimum magnitude and joins their segments', () => {
    const series = levels(
      [
        [30, 100],
        [30, 102],
        [30, 120],
      ],
      'small',
      0.3,
    );
    const all = changePoints(series, { seed: 1 });
    const large = changePoints(series, { seed: 1, minimumMagnitude: 0.05 });
    assert.deepEqual([all.map(({ index }) => index), large.map(({ index }) => index)], [[30, 60], [60]]);
    assert.ok(large[0]!.before > 100 && large[0]!.before < 102);
  });

  it('takes small changes back one by one: what their segments were joined to may be large', () => {
    const series = levels(
      [
        [30, 100],
        [30, 103],
        [30, 106.2],
      ],
      'ramp',
      0.2,
    );
    const indices = (minimumMagnitude: number) =>
      changePoints(series, { seed: 1, minimumMagnitude }).map(({ index }) => index);
    assert.deepEqual([indices(0), indices(0.04), indices(0.06)], [[30, 60], [60], []]);
  });

  it('raises a false alarm on at most 7% of series without a change, heavy-tailed ones too', () => {
    for (const draw of [standardNormal, heavyTailed]) {
      let alarms = 0;
      for (let round = 0; round < 400; round++) {
        const random = seeded(derive('no change', draw.name, round));
        if (
          changePoints(
            draws(40, () => draw(random)),
            { seed: round, permutations: 99 },
          ).length > 0
        )
          alarms++;
      }
      assert.ok(alarms <= 28, `${alarms} of 400 for ${draw.name}`);
    }
  });

  it('is the same for the same seed, and finds nothing where there is nothing', () => {
    const series = levels(
      [
        [15, 1],
        [15, 1.5],
      ],
      'same',
      0.3,
    );
    assert.deepEqual(changePoints(series, { seed: 4 }), changePoints(series, { seed: '4' }));
    for (const values of [[], [1], [1, 2, 3], new Array<number>(30).fill(7)])
      assert.deepEqual(changePoints(values, { seed: 1 }), []);
  });

  it('refuses settings that can find nothing', () => {
    assert.throws(
      () => changePoints([1], { seed: 1, permutations: 10 }),
      /needs 19 permutations or more, found 10/,
    );
    assert.throws(() => changePoints([1], { seed: 1, permutations: 18 }), /found 18/);
    assert.deepEqual(changePoints([1], { seed: 1, permutations: 19 }), []);
    assert.throws(() => changePoints([1], { seed: 1, minimumSize: 1 }), RangeError);
    assert.deepEqual(changePoints([1], { seed: 1, minimumSize: 2 }), []);
    assert.throws(() => changePoints([1], { seed: 1, significance: 0 }), RangeError);
    assert.throws(() => changePoints([1], { seed: 1, minimumMagnitude: -1 }), RangeError);
    assert.throws(() => changePoints([NaN], { seed: 1 }), RangeError);
  });
});

describe('a permutation of blocks', () => {
  it('has the same values, most of them beside the one they were beside', () => {
    const values = Float64Array.from({ length: 30 }, (_, i) => i);
    const random = seeded('blocks');
    const first = new Set<number>();
    for (let i = 0; i < 200; i++) {
      const shuffled = shuffledBlocks(values, 5, random);
      assert.deepEqual(shuffled.toSorted(), values);
      const kept = [...shuffled].filter((value, at) => at > 0 && value === shuffled[at - 1]! + 1).length;
      assert.ok(kept >= 23, `${kept}: 5 or 6 cuts`);
      first.add(shuffled[0]!);
    }
    assert.ok(first.size > 20, `${first.size}: cut anywhere`);
    assert.deepEqual([...values], [...values.keys()], 'itself as it was');
  });

  it('takes autocorrelated values for changes less often than one of single values', () => {
    const found = (blockLength: number) =>
      Array.from({ length: 100 }, (_, i) =>
        changePoints(autoregressive(60, 0.8, derive('blocks', i)), {
          seed: i,
          significance: 0.01,
          blockLength,
        }),
      ).filter((points) => points.length > 0).length;
    const [single, blocks] = [found(1), found(11)];
    assert.ok(single > 60 && blocks < single / 2, `${single} and ${blocks}`);
  });

  it('finds a step that is there', () => {
    const random = seeded('step');
    const step = draws(60, () => standardNormal(random)).map((value, i) => value + (i < 25 ? 0 : 5));
    const [point, ...others] = changePoints(step, { seed: 1, blockLength: 5 });
    assert.deepEqual([point!.index, others], [25, []]);
  });
});
