import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faint, lookOf } from '../../src/chart/palette.ts';

describe('the looks of modes', () => {
  it('differ in colour, point and dash among the first seven, and come again after', () => {
    for (const key of ['colour', 'point', 'dash'] as const)
      assert.equal(new Set([0, 1, 2, 3, 4, 5, 6].map((i) => JSON.stringify(lookOf(i)[key]))).size, 7, key);
    assert.deepEqual(lookOf(7), lookOf(0));
    assert.throws(() => lookOf(-1), RangeError);
    assert.equal(faint('#0072B2'), '#0072B266');
  });
});
