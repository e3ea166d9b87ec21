import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { autocorrelation } from '../../src/statistics/autocorrelation.ts';
import { dependenceOf } from '../../src/statistics/dependence.ts';
import { summarise, tInterval } from '../../src/statistics/interval.ts';
import { meanIntervals } from '../../src/statistics/mean-intervals.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { draws, standardNormal } from './draws.ts';
import { autoregressive, twoStates } from './series.ts';
import { SKEWED_PAIRS } from './skewed.ts';
import { close } from './reference.ts';

const share = (n: number, happens: (i: number) => boolean) =>
  Array.from({ length: n }, (_, i) => happens(i)).filter(Boolean).length / n;

describe('the dependence of values on those before', () => {
  it('is found in 5% of series that have none, whatever their distribution', () => {
    // 1,000 series: 5% with a standard error of 0.7%.
    for (const { name, mode } of [{ name: 'normal', mode: standardNormal }, ...SKEWED_PAIRS.slice(0, 1)]) {
      const random = seeded(derive('independent', name));
      const draw = name === 'normal' ? () => standardNormal(random) : (mode(random) as () => number);
      const found = share(1000, (i) => dependenceOf(draws(20, draw), i) !== undefined);
      assert.ok(found > 0.022 && found < 0.078, `${found} of ${name}`);
    }
  });

  it('is found where a machine stays in a state for ten blocks in the mean', () => {
    const found = share(300, (i) => dependenceOf(twoStates(20, derive('states', i)).values, i) !== undefined);
    assert.ok(found > 0.6, `${found}`);
  });

  it('tells the lag-1 correlation, what the values are worth, and nothing that depends on their unit', () => {
    const values = autoregressive(40, 0.8, 'unit');
    const found = dependenceOf(values, 1)!;
    close(found.correlation, autocorrelation(values, 1)[1]!);
    assert.equal(found.n, 40);
    assert.ok(found.effective.n < 15 && found.effective.n >= 3, `${found.effective.n}`);
    const scaled = dependenceOf(
      values.map((value) => 5 + 1e-3 * value),
      1,
    )!;
    close(scaled.effective.n, found.effective.n, 'n', 1e-6);
    close(scaled.effective.sd, 1e-3 * found.effective.sd, 'sd', 1e-6);
    assert.ok(found.p <= 0.001);
  });

  it('is none of few, constant and alternating values', () => {
    assert.equal(dependenceOf([1, 2, 3, 4, 5, 6, 7], 1), undefined);
    assert.notEqual(dependenceOf([1, 2, 3, 4, 5, 6, 7, 8], 1), undefined);
    assert.equal(dependenceOf(new Array<number>(20).fill(0.1), 1), undefined);
    assert.equal(dependenceOf(autoregressive(20, -0.9, 'alternating'), 1), undefined);
    assert.throws(() => dependenceOf([NaN], 1), RangeError);
  });

  it('leaves three values’ worth at least', () => {
    const step = Float64Array.from({ length: 20 }, (_, i) => (i < 10 ? 0 : 1) + 1e-3 * Math.sin(i));
    assert.equal(dependenceOf(step, 1)!.effective.n, 3);
  });
});

describe('the interval that is reported', () => {
  const reported = (values: Float64Array) =>
    meanIntervals(values, [0.95], { seed: 'reported', resamples: 500 }).intervals[0]!;

  it('holds the truth of autocorrelated values where t does in half of the experiments', () => {
    const held = { reported: 0, t: 0 };
    for (let i = 0; i < 400; i++) {
      const values = autoregressive(20, 0.8, derive('held', i));
      const { low, high } = reported(values).reported;
      const t = tInterval(summarise(values), 0.95);
      if (low! <= 0 && high! >= 0) held.reported++;
      if (t.low! <= 0 && t.high! >= 0) held.t++;
    }
    // Of 400, with a standard error of some 7: 88% and 48% in the long run.
    assert.ok(held.reported > 0.8 * 400 && held.t < 0.58 * 400, JSON.stringify(held));
  });

  it('has the same two intervals beside it, wide or not', () => {
    const values = autoregressive(20, 0.9, 'beside');
    const { t, studentised, reported: wide } = reported(values);
    assert.deepEqual(t, tInterval(summarise(values), 0.95));
    const further = Math.max(t.high!, studentised.high!) - Math.min(t.low!, studentised.low!);
    assert.ok(wide.high! - wide.low! > 1.5 * further);
  });
});
