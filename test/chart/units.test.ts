import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shownIn } from '../../src/chart/units.ts';

describe('the unit that figures are shown in', () => {
  const shown = (unit: string, ...figures: number[]) => {
    const { unit: name, of } = shownIn(unit, figures);
    return [name, ...figures.map(of)];
  };

  it('is the largest in which the middle figure is at least 1', () => {
    assert.deepEqual(shown('ns', 250e6, 100e6, 3e9), ['ms', 250, 100, 3000]);
    assert.deepEqual(shown('ns', 999), ['ns', 999]);
    assert.deepEqual(shown('ns', 1000), ['µs', 1]);
    assert.deepEqual(shown('us', 5e6), ['s', 5]);
    assert.deepEqual(shown('s', 0.002), ['ms', 2]);
    assert.deepEqual(shown('GB/s', 0.5), ['MB/s', 500]);
  });

  it('is the smallest where none is small enough, and their own where it is of no kind', () => {
    assert.deepEqual(shown('ns', 0.5), ['ns', 0.5]);
    assert.deepEqual(shown('GFLOP/s', 1e7), ['GFLOP/s', 1e7]);
    assert.deepEqual(shown('ns'), ['ns']);
    assert.deepEqual(shown('ms', 0, 0), ['ms', 0, 0]);
  });
});
