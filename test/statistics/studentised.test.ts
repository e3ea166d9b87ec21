import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Interval, summarise, tInterval } from '../../src/statistics/interval.ts';
import { skewness } from '../../src/statistics/moments.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { ratio } from '../../src/statistics/ratio.ts';
import { studentisedIntervals } from '../../src/statistics/studentised.ts';
import { draws, standardNormal } from './draws.ts';
import { close } from './reference.ts';

const options = { seed: 1, resamples: 2000 };
const interval = (values: ArrayLike<number>, confidence = 0.95) =>
  studentisedIntervals(values, [confidence], options)[0]!;
const width = ({ low, high }: Interval) => high! - low!;

describe('the studentised bootstrap', () => {
  it('agrees with t on many normal values', () => {
    const random = seeded('normal');
    const values = draws(200, () => 5 + standardNormal(random));
    const [own, t] = [interval(values), tInterval(summarise(values))];
    assert.ok(Math.abs(own.low! - t.low!) < 0.1 * width(t) && Math.abs(own.high! - t.high!) < 0.1 * width(t));
  });

  it('reaches further to the side of the long tail, where t can’t', () => {
    const values = [1, 1.1, 1.2, 1.1, 1.3, 1.2, 1.1, 1.4, 1.2, 3];
    const [own, t] = [interval(values), tInterval(summarise(values))];
    assert.ok(own.high! > t.high! && own.low! > t.low!, JSON.stringify({ own, t }));
    const mirrored = interval(values.map((value) => -value));
    close(mirrored.low, -own.high!);
    close(mirrored.high, -own.low!);
  });

  it('stays finite where many resamples have no spread, and has no width where nothing has any', () => {
    const tied = interval([100, 100, 100, 100, 100, 100, 100, 100, 100, 100.1]);
    assert.ok(tied.low! > 99.9 && tied.high! < 100.2, JSON.stringify(tied));
    assert.deepEqual(interval([7, 7, 7, 7]), { low: 7, high: 7 });
    assert.deepEqual(interval([7, 8, 9]), { low: null, high: null });
    const near = interval([100, 100.0001, 100, 100.0002, 100, 100, 100.0001, 100, 100, 100.1]);
    assert.ok(near.low! > 99.9 && near.high! < 100.2, JSON.stringify(near));
  });

  it('moves and scales with its values, and is the wider the surer', () => {
    const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.1, max: 10, noNaN: true }), (sample, scale) => {
        const [plain, moved] = [interval(sample), interval(sample.map((value) => 3 + scale * value))];
        const tolerance = 1e-6 * (1 + Math.max(...sample.map(Math.abs)));
        if (summarise(sample).sd < 1e-9) return;
        assert.ok(Math.abs(moved.low! - (3 + scale * plain.low!)) < scale * tolerance);
        assert.ok(width(interval(sample, 0.99)) >= width(plain));
      }),
    );
  });

  it('refuses what has no mean, and a confidence that is none', () => {
    assert.throws(() => interval([1, NaN]), RangeError);
    assert.throws(() => interval([]), RangeError);
    assert.throws(() => interval([1, 2], 1), RangeError);
  });
});

describe('the interval that a verdict may rest on', () => {
  const blocks = (n: number) =>
    Array.from({ length: n }, (_, i) => ({ mode: 1.1 + 0.01 * (i % 3), baseline: 1 }));

  it('is the one that is shown from ten blocks on, and a wider one below', () => {
    const [nine, ten] = [9, 10].map((n) => ratio(blocks(n), options));
    assert.deepEqual(ten!.decisive, { low: ten!.low, high: ten!.high, confidence: 0.95 });
    assert.ok(nine!.decisive.low! < nine!.low! && nine!.decisive.high! > nine!.high!);
    assert.equal(nine!.decisive.confidence, 0.99);
  });
});

describe('skewness', () => {
  it('is that of the definition, turns with its values, and is 0 where there is nothing to lean', () => {
    // By hand: deviations -2/3, -2/3, 4/3 in units of sd 2/sqrt(3).
    close(skewness([0, 0, 2]), Math.sqrt(3));
    close(skewness([0, 0, -2]), -Math.sqrt(3));
    assert.deepEqual([skewness([1, 2]), skewness([3, 3, 3]), skewness([1, 2, 3])], [0, 0, 0]);
  });
});
