import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { benjaminiHochberg, holm, holmLevels } from '../../src/statistics/adjust.ts';
import { jainIndex } from '../../src/statistics/fairness.ts';
import { mannWhitneyTest } from '../../src/statistics/mann-whitney.ts';
import { close, reference } from './reference.ts';

const probabilities = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

describe('adjusted p values', () => {
  it('agree with their definitions', () => {
    for (const { p, holm: holms, benjaminiHochberg: shares } of reference.adjusted) {
      for (const [i, value] of holm(p).entries()) close(value, holms[i]!, `Holm ${i}`);
      for (const [i, value] of benjaminiHochberg(p).entries()) close(value, shares[i]!, `BH ${i}`);
    }
  });

  it('never fall below the raw ones nor rise above Bonferroni, keep their order, and Holm is the stricter', () => {
    fc.assert(
      fc.property(probabilities, (p) => {
        const [strict, lenient] = [holm(p), benjaminiHochberg(p)];
        for (const [i, raw] of p.entries()) {
          assert.ok(
            raw <= lenient[i]! && lenient[i]! <= strict[i]! && strict[i]! <= Math.min(1, raw * p.length),
          );
          for (const [j, other] of p.entries())
            if (raw < other) assert.ok(strict[i]! <= strict[j]! && lenient[i]! <= lenient[j]!);
        }
      }),
    );
  });

  it('are at most the level exactly where the raw ones are at most the level that Holm held them to', () => {
    fc.assert(
      fc.property(probabilities, (p) => {
        const adjusted = holm(p);
        for (const [i, level] of holmLevels(p, 0.05).entries()) {
          assert.ok(level <= 0.05 && level >= 0.05 / p.length);
          if (Math.abs(p[i]! - level) > 1e-12) assert.equal(p[i]! <= level, adjusted[i]! <= 0.05);
        }
      }),
    );
    assert.deepEqual(holmLevels([0.001, 0.2, 0.04], 0.06), [0.02, 0.03, 0.03]);
  });

  it('leave one comparison as it is, and refuse what is no probability', () => {
    assert.deepEqual([holm([0.03]), benjaminiHochberg([0.03]), holm([])], [[0.03], [0.03], []]);
    assert.throws(() => holm([0.1, 1.2]), /from 0 to 1, found 1.2 at index 1/);
    assert.throws(() => benjaminiHochberg([NaN]), RangeError);
  });
});

describe('the Mann-Whitney test', () => {
  for (const { one, other, statistic, p, exact } of reference.mannWhitney) {
    it(`agrees with scipy: ${one.length} and ${other.length} values, ${exact ? 'exact' : 'approximate'}`, () => {
      const result = mannWhitneyTest(one, other);
      close(result.statistic, statistic, 'U');
      close(result.p, p, 'p');
      assert.equal(result.exact, exact);
    });
  }

  it('is the same with the samples exchanged', () => {
    const values = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, values, (one, other) => {
        const [there, back] = [mannWhitneyTest(one, other), mannWhitneyTest(other, one)];
        close(there.p, back.p);
        close(there.dominance, 1 - back.dominance);
      }),
    );
  });

  it('finds no difference in equal samples, and refuses empty ones', () => {
    assert.equal(mannWhitneyTest([2, 2, 2], [2, 2]).p, 1);
    assert.throws(() => mannWhitneyTest([], [1]), RangeError);
    assert.throws(() => mannWhitneyTest([1], [NaN]), RangeError);
  });
});

describe("Jain's index", () => {
  it('is 1 for equal shares and k/n where k of n share it all', () => {
    close(jainIndex([3, 3, 3]), 1);
    close(jainIndex([5, 0, 0, 0]), 1 / 4);
    close(jainIndex([1e200, 1e200, 0]), 2 / 3);
    close(jainIndex([1, 2, 3]), 36 / (3 * 14));
  });

  it('lies between 1/n and 1 and has no unit', () => {
    const shares = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(shares, (values) => {
        const index = jainIndex(values);
        assert.ok(index >= 1 / values.length - 1e-12 && index <= 1 + 1e-12);
        close(jainIndex(values.map((value) => value * 7)), index);
      }),
    );
  });

  it('refuses no shares, negative ones and nothing but zeros', () => {
    assert.throws(() => jainIndex([]), RangeError);
    assert.throws(() => jainIndex([1, -1]), /0 or more, found -1 at index 1/);
    assert.throws(() => jainIndex([0, 0]), /found only zeros/);
  });
});
