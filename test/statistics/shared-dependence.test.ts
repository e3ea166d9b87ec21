import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { sharedCorrelation } from '../../src/statistics/shared-dependence.ts';
import { draws, standardNormal } from './draws.ts';
import { autoregressive } from './series.ts';

const white = (n: number, seed: string) => {
  const random = seeded(seed);
  return draws(n, () => standardNormal(random));
};
const several = (make: (place: number) => Float64Array, count = 10) =>
  Array.from({ length: count }, (_, i) => make(i));

describe('the dependence of several series together', () => {
  it('is found where one series alone seldom shows it, and near to what it is', () => {
    const found = sharedCorrelation(
      several((i) => autoregressive(20, 0.7, derive('shared', i))),
      1,
    );
    assert.ok(found !== undefined && Math.abs(found - 0.7) < 0.15, String(found));
  });

  it('is none in 95% of cases in which there is none, also where the series are alike', () => {
    const cases = Array.from({ length: 200 }, (_, k) => {
      const common = white(20, derive('common', k));
      return several(
        (i) => white(20, derive('own', k, i)).map((value, at) => 0.3 * value + (common[at] ?? 0)),
        5,
      );
    });
    const found = cases.filter((series, k) => sharedCorrelation(series, k) !== undefined).length;
    // 10 are to be expected, with a standard error of 3.
    assert.ok(found <= 22, String(found));
  });

  it('is none in few values, in none, and in equal ones', () => {
    assert.equal(
      sharedCorrelation(
        several((i) => autoregressive(7, 0.9, i)),
        1,
      ),
      undefined,
    );
    assert.equal(sharedCorrelation([], 1), undefined);
    assert.equal(
      sharedCorrelation(
        several(() => new Float64Array(20).fill(3)),
        1,
      ),
      undefined,
    );
  });

  it('is the same each time, and asks for series of one length', () => {
    const series = several((i) => autoregressive(20, 0.7, derive('again', i)));
    assert.equal(sharedCorrelation(series, 1), sharedCorrelation(series, 1));
    assert.throws(() => sharedCorrelation([[1, 2], [1]], 1), /same length, found 2, 1/);
  });
});
