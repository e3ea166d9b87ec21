import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seeded } from '../../src/statistics/prng.ts';
import { bic, stepsOf } from '../../src/statistics/steps.ts';
import { trendOf } from '../../src/statistics/trend.ts';
import { draws, standardNormal } from './draws.ts';
import { close } from './reference.ts';

describe('steps', () => {
  it('are moved to where they leave the least over', () => {
    const { indices, residual, p } = stepsOf([0, 0, 0, 0, 5, 5, 5, 5], [3]);
    assert.deepEqual([indices, residual], [[4], 0]);
    assert.ok(p < 1e-6, String(p));
    assert.deepEqual(stepsOf([0, 0, 0, 9, 9, 9, 0, 0, 0], [7, 2]).indices, [3, 6]);
  });

  it('have the p of the F test, times the places', () => {
    // Means 1.5 and 3.5: 1 left over of 5; F = (4 / 1) / (1 / 2) = 8 with 1 and 2 degrees, t = sqrt 8 with 2, three places.
    const { residual, p } = stepsOf([1, 2, 3, 4], [2]);
    close(residual, 1);
    close(p, 3 * (1 - Math.sqrt(8) / Math.sqrt(10)));
  });

  it('are nothing without one, or where all values are equal', () => {
    assert.deepEqual([stepsOf([1, 2, 9], []).p, stepsOf([2, 2, 2, 2], [2]).p], [1, 1]);
  });

  it('fit noise about two levels better than a line, and a line worse', () => {
    const random = seeded('bic');
    const noise = draws(30, () => 0.1 * standardNormal(random));
    const better = (series: Float64Array) =>
      bic(30, stepsOf(series, [15]).residual, 3) < bic(30, trendOf(series).residual, 2);
    assert.equal(better(noise.map((value, i) => value + (i < 12 ? 0 : 1))), true);
    assert.equal(better(noise.map((value, i) => value + i / 30)), false);
  });
});
