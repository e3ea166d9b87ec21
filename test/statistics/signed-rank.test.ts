import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hodgesLehmann } from '../../src/statistics/hodges-lehmann.ts';
import { signedRankDistribution, signedRankTest } from '../../src/statistics/signed-rank.ts';
import { close, reference } from './reference.ts';

const small = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 12 });

describe('the signed-rank test', () => {
  for (const [name, { differences, statistic, p }] of Object.entries(reference.signedRank)) {
    it(`agrees with scipy or the count of all signs: ${name}`, () => {
      const result = signedRankTest(differences);
      close(result.statistic, statistic, 'W+');
      close(result.p, p, 'p');
      assert.equal(result.exact, differences.length <= 50);
    });
  }

  it('does not care which arm is called the first', () => {
    fc.assert(
      fc.property(small, (values) => {
        close(signedRankTest(values).p, signedRankTest(values.map((value) => -value)).p);
      }),
    );
  });

  it('counts zeros out, and is undecided by nothing else', () => {
    assert.deepEqual(signedRankTest([0, 0]), { statistic: 0, p: 1, n: 0, exact: true });
    assert.equal(signedRankTest([0, 1, 2]).n, 2);
    assert.throws(() => signedRankTest([]), RangeError);
    assert.throws(() => signedRankTest([NaN]), RangeError);
  });

  it('approximates well from where it is no longer exact', () => {
    const values = Array.from({ length: 51 }, (_, i) => (i % 3 === 0 ? -1 : 1) * (i + 1));
    const { statistic, p, exact } = signedRankTest(values);
    const table = signedRankDistribution(values.map(Math.abs));
    assert.equal(exact, false);
    close(p, 2 * table[(51 * 52) / 2 - statistic]!, 'p', 2e-3);
  });

  it('its distribution is the published table: P(W <= 8) at n = 10 is 0.0244', () => {
    const table = signedRankDistribution(Array.from({ length: 10 }, (_, i) => i + 1));
    close(table[8]!, 25 / 1024);
    close(table.at(-1)!, 1);
  });
});

describe('Hodges-Lehmann', () => {
  for (const { values, confidence, estimate, low, high } of reference.hodgesLehmann) {
    it(`agrees with the sorted Walsh averages: ${values.length} values at ${confidence}`, () => {
      const result = hodgesLehmann(values, confidence);
      close(result.estimate, estimate, 'estimate');
      close(result.low, low, 'low');
      close(result.high, high, 'high');
    });
  }

  it('has no 95% interval below six values, and from six on its extremes', () => {
    assert.deepEqual(hodgesLehmann([1, 2, 3, 4, 5]), { estimate: 3, low: null, high: null });
    assert.deepEqual(hodgesLehmann([6, 1, 2, 3, 4, 5]), { estimate: 3.5, low: 1, high: 6 });
    assert.deepEqual(hodgesLehmann([7]), { estimate: 7, low: null, high: null });
  });

  it('takes a confidence that is just reached: 1 - 2/64 of six values', () => {
    assert.deepEqual(hodgesLehmann([6, 1, 2, 3, 4, 5], 1 - 2 / 64), { estimate: 3.5, low: 1, high: 6 });
    assert.equal(hodgesLehmann([6, 1, 2, 3, 4, 5], 1 - 1 / 64).low, null);
  });

  it('moves with its data and turns with their sign', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: -100, max: 100 }), (values, by) => {
        const { estimate, low, high } = hodgesLehmann(values);
        const turned = hodgesLehmann(values.map((value) => by - value));
        close(turned.estimate, by - estimate);
        close(turned.low, high === null ? null : by - high);
        close(turned.high, low === null ? null : by - low);
      }),
    );
  });

  it('is not dragged by one wild value, as a mean is', () => {
    const { estimate } = hodgesLehmann([1, 1.1, 0.9, 1.05, 0.95, 1.02, 0.98, 1, 1, 1000]);
    assert.ok(Math.abs(estimate - 1) < 0.05, `found ${estimate}`);
  });
});
