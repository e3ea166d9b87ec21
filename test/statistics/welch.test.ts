import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { summarise } from '../../src/statistics/interval.ts';
import { differenceInterval, differenceTest, meanDifference } from '../../src/statistics/welch.ts';
import { close } from './reference.ts';

const A = [1.5, 2.25, 3, 4.5, 2];
const B = [2.5, 3.75, 9, 4, 6.5, 5, 4.25];
const between = (a: number[], b: number[]) => meanDifference(summarise(a), summarise(b));

describe("Welch's difference of means", () => {
  it('agrees with scipy 1.17 (ttest_ind with equal_var=False)', () => {
    const difference = between(A, B);
    close(difference.degrees, 9.544157050376038, 'degrees');
    close(difference.value / difference.standardError, -2.4365246074654667, 't');
    const { low, high } = differenceInterval(difference, 0.95);
    close(low, -4.5130086339458355, 'low');
    close(high, -0.18699136605416422, 'high');
    close(differenceTest(difference, -1, 'less'), 0.09662800925062281, 'less');
    close(differenceTest(difference, -1, 'greater'), 0.9033719907493771, 'greater');
  });

  it('knows nothing from a single value', () => {
    const difference = between([3], B);
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
