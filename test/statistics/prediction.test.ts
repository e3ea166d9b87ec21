import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { summarise } from '../../src/statistics/interval.ts';
import { detectableDistance, fromThePast } from '../../src/statistics/prediction.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { tQuantile } from '../../src/statistics/student.ts';
import { differenceInterval } from '../../src/statistics/welch.ts';
import { standardNormal } from './draws.ts';

describe('a new value and those before it', () => {
  it('differ by an interval of both spreads: 1.2 of five values of sd 1 reach 2.776 sqrt(1.2)', () => {
    const past = summarise([-1.5, -0.5, 0.5, 1.5, 0]);
    const difference = fromThePast(2, past);
    assert.equal(difference.value, 2);
    assert.equal(difference.degrees, 4);
    const { low, high } = differenceInterval(difference, 0.95);
    assert.ok(Math.abs((high! - low!) / 2 - tQuantile(0.975, 4) * past.sd * Math.sqrt(1.2)) < 1e-12);
    assert.deepEqual(differenceInterval(fromThePast(2, summarise([1])), 0.95), { low: null, high: null });
  });

  it('are apart in 5% of cases in which nothing changed', (t) => {
    const random = seeded('prediction');
    const draw = () => standardNormal(random);
    const apart = Array.from({ length: 4000 }, () => {
      const past = summarise(Array.from({ length: 6 }, draw));
      const { low, high } = differenceInterval(fromThePast(draw(), past), 0.95);
      return low! > 0 || high! < 0;
    }).filter(Boolean).length;
    t.diagnostic(`${apart} of 4000`);
    // Four standard errors.
    assert.ok(Math.abs(apart - 200) < 55, String(apart));
  });

  it('are told apart with the power that was asked for, at the distance that promises it', (t) => {
    const random = seeded('distance');
    const draw = () => standardNormal(random);
    const [n, level] = [6, 0.01];
    const shift = detectableDistance(n, level) * Math.sqrt(1 + 1 / n);
    const found = Array.from({ length: 4000 }, () => {
      const past = summarise(Array.from({ length: n }, draw));
      return differenceInterval(fromThePast(shift + draw(), past), 1 - level).low! > 0;
    }).filter(Boolean).length;
    t.diagnostic(`${found} of 4000`);
    assert.ok(Math.abs(found - 3200) < 102, String(found));
  });

  it('need two values before, and shares', () => {
    assert.throws(() => detectableDistance(1, 0.05), /needs 2 values or more, found 1/);
    assert.throws(() => detectableDistance(5, 0), RangeError);
    assert.throws(() => detectableDistance(5, 0.05, 1), RangeError);
  });
});
