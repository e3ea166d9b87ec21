import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { summarise, tInterval, tTest } from '../../src/statistics/interval.ts';
import { geometricMean, mean, standardDeviation, variance } from '../../src/statistics/moments.ts';
import { median, medianAbsoluteDeviation, quantile } from '../../src/statistics/quantile.ts';
import { close, closeRelative, reference } from './reference.ts';

const finite = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });

for (const [name, expected] of Object.entries(reference.moments)) {
  describe(`the moments of the ${name} sample`, () => {
    const { values } = expected;

    it('agree with numpy and scipy', () => {
      close(mean(values), expected.mean, 'mean');
      closeRelative(variance(values), expected.variance, 'variance');
      closeRelative(standardDeviation(values), expected.sd, 'sd');
      close(geometricMean(values), expected.geometricMean, 'geometric mean');
      close(median(values), expected.median, 'median');
      close(medianAbsoluteDeviation(values), expected.mad, 'MAD');
      for (const [p, value] of expected.quantiles) close(quantile(values, p!), value!, `quantile ${p}`);
    });

    it('give the t interval and the t tests of scipy', () => {
      const summary = summarise(values);
      const { low, high } = tInterval(summary, 0.9);
      close(low, expected.interval90[0]!, 'low');
      close(high, expected.interval90[1]!, 'high');
      const tolerance = name === 'offset' ? 1e-4 : 1e-9; // the mean keeps 7 digits of that sample's spread
      for (const alternative of ['two-sided', 'less', 'greater'] as const) {
        close(tTest(summary, expected.against, alternative), expected.p[alternative], alternative, tolerance);
      }
    });
  });
}

describe('what a moment refuses', () => {
  it('no values, and too few', () => {
    for (const of of [mean, median, geometricMean, medianAbsoluteDeviation]) {
      assert.throws(() => of([]), { name: 'RangeError', message: /needs at least 1 value, found 0/ });
    }
    assert.throws(() => variance([1]), /needs at least 2 values, found 1/);
    assert.throws(() => summarise([]), RangeError);
  });

  it('values that are not finite, and logs of what is not positive, with the index', () => {
    assert.throws(() => mean([1, NaN]), /finite values, found NaN at index 1/);
    assert.throws(() => variance([1, 2, Infinity]), /found Infinity at index 2/);
    assert.throws(() => quantile([NaN], 0.5), RangeError);
    assert.throws(() => geometricMean([2, 0]), /above zero, found 0 at index 1/);
    assert.throws(() => geometricMean([-2]), /found -2/);
  });

  it('shares and confidences that are none', () => {
    for (const p of [-0.1, 1.1, NaN]) assert.throws(() => quantile([1, 2], p), RangeError);
    for (const confidence of [0, 1, NaN])
      assert.throws(() => tInterval(summarise([1, 2]), confidence), RangeError);
  });
});

describe('what holds of every sample', () => {
  it('shifts and scales', () => {
    fc.assert(
      fc.property(finite, fc.double({ min: -100, max: 100, noNaN: true }), (values, by) => {
        const moved = values.map((value) => value * 2 + by);
        close(mean(moved), mean(values) * 2 + by);
        close(median(moved), median(values) * 2 + by);
        close(medianAbsoluteDeviation(moved), medianAbsoluteDeviation(values) * 2);
      }),
    );
  });

  it('a quantile lies within the sample and grows with its share', () => {
    fc.assert(
      fc.property(
        finite,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, p, q) => {
          const [low, high] = [quantile(values, Math.min(p, q)), quantile(values, Math.max(p, q))];
          assert.ok(low <= high && low >= Math.min(...values) && high <= Math.max(...values));
        },
      ),
    );
  });
});

describe('the t interval at its edges', () => {
  it('is null below two values, whose test settles nothing', () => {
    assert.deepEqual(tInterval(summarise([3])), { low: null, high: null });
    assert.equal(tTest(summarise([3])), 1);
  });

  it('has no width where there is no spread, and the test is then certain', () => {
    const summary = summarise([2, 2, 2]);
    assert.deepEqual(tInterval(summary), { low: 2, high: 2 });
    assert.deepEqual([tTest(summary, 2), tTest(summary, 1), tTest(summary, 1, 'less')], [1, 0, 1]);
  });
});
