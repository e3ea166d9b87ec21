import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { condensed } from '../../src/statistics/condense.ts';
import { wilsonInterval } from '../../src/statistics/proportion.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { trendOf } from '../../src/statistics/trend.ts';
import { draws, standardNormal } from './draws.ts';
import { close, closeRelative, reference } from './reference.ts';

describe("Wilson's interval", () => {
  it('agrees with scipy', () => {
    for (const [found, of, confidence, low, high] of reference.wilson) {
      const interval = wilsonInterval(found!, of!, confidence);
      close(interval.low, low!, `low of ${found} in ${of}`);
      close(interval.high, high!, `high of ${found} in ${of}`);
    }
  });

  it('ends at 0 and 1 where nothing or all was found, and refuses what is no share', () => {
    assert.equal(wilsonInterval(0, 5).low, 0);
    assert.equal(wilsonInterval(5, 5).high, 1);
    assert.throws(() => wilsonInterval(6, 5), RangeError);
    assert.throws(() => wilsonInterval(0, 0), RangeError);
  });
});

describe('a trend', () => {
  it('agrees with scipy', () => {
    for (const { values, slope, p } of reference.trend) {
      const trend = trendOf(values);
      close(trend.slope, slope, `slope of ${values.length} values`);
      closeRelative(trend.p, p, `p of ${values.length} values`);
    }
  });

  it('is found in noise no more often than its p says', () => {
    const random = seeded('trend');
    let found = 0;
    for (let i = 0; i < 2000; i++) if (trendOf(draws(10, () => standardNormal(random))).p < 0.05) found++;
    assert.ok(found > 70 && found < 130, `${found} of 2000`);
  });

  it('of two values is no evidence, of a straight line certain, of a constant none', () => {
    assert.equal(trendOf([1, 2]).p, 1);
    assert.deepEqual(trendOf([1, 2, 3]), { slope: 1, p: 0, residual: 0 });
    assert.deepEqual(trendOf([2, 2, 2]), { slope: 0, p: 1, residual: 0 });
  });
});

describe('a condensed series', () => {
  it('has the means of neighbours, and all of a short series as it is', () => {
    assert.deepEqual([...condensed([1, 3, 5, 7, 9], 2)], [2, 7]);
    assert.deepEqual([...condensed([1, 2], 5)], [1, 2]);
    assert.throws(() => condensed([1], 0), RangeError);
  });

  it('is less sure where the values are worth fewer, and the same line', () => {
    const values = [1, 2.5, 2, 3.4, 4.1, 3.9, 5.2, 6];
    const [all, four] = [trendOf(values), trendOf(values, 4)];
    assert.deepEqual([four.slope, four.residual], [all.slope, all.residual]);
    assert.deepEqual(trendOf(values, 8), all);
    assert.ok(four.p > 10 * all.p, `${four.p}, ${all.p}`);
    assert.ok(trendOf(values, 2).p <= 1);
  });
});
