import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { at, itemAt } from '../../src/statistics/at.ts';

describe('what stands at an index', () => {
  it('is the value there, a zero too', () => {
    assert.deepEqual(
      [0, 1, 2].map((index) => at(Float64Array.of(0, -1, NaN), index)),
      [0, -1, NaN],
    );
    const item = {};
    assert.equal(itemAt([[], item], 1), item);
  });

  it('is refused where there is none', () => {
    for (const index of [-1, 2, 0.5, NaN]) {
      assert.throws(() => at(Float64Array.of(1, 2), index), RangeError);
      assert.throws(() => itemAt([[], []], index), /nothing is at index .* of 2/);
    }
  });
});
