import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { summarise } from '../../src/statistics/interval.ts';
import { differenceInterval, differenceTest, meanDifference } from '../../src/statistics/welch.ts';
import { close, closeRelative, reference } from './reference.ts';

const between = (a: number[], b: number[]) => meanDifference(summarise(a), summarise(b));

describe("Welch's difference of means", () => {
  for (const { one, other, degrees, t, low95, high95, against, p } of reference.welch) {
    it(`agrees with scipy: ${one.length} and ${other.length} values`, () => {
      const difference = between(one, other);
      close(difference.degrees, degrees, 'degrees');
      close(difference.value / difference.standardError, t, 't');
      const { low, high } = differenceInterval(difference, 0.95);
      close(low, low95, 'low');
      close(high, high95, 'high');
      closeRelative(differenceTest(difference, against, 'less'), p.less, 'less');
      closeRelative(differenceTest(difference, against, 'greater'), p.greater, 'greater');
    });
  }

  it('knows nothing from a single value', () => {
    const difference = between([3], [2.5, 3.75, 9]);
    assert.equal(difference.degrees, null);
    assert.deepEqual(differenceInterval(difference, 0.95), { low: null, high: null });
    assert.equal(differenceTest(difference, 1000, 'less'), 1);
  });

  it('is sure where nothing scatters', () => {
    const difference = between([2, 2], [1, 1, 1]);
    assert.deepEqual(differenceInterval(difference, 0.95), { low: 1, high: 1 });
    assert.equal(differenceTest(difference, 0.5, 'greater'), 0);
    assert.equal(differenceTest(difference, 1, 'greater'), 0.5);
  });

  it('does not vanish for spreads near the least double', () => {
    const { degrees } = meanDifference({ mean: 0, sd: 1e-150, n: 5 }, { mean: 0, sd: 1e-150, n: 5 });
    close(degrees, 8, 'degrees');
  });
});
