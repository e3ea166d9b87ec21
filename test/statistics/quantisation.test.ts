import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openTest, summarise, tTest } from '../../src/statistics/interval.ts';
import { smallestStep, smallestStepOfRates } from '../../src/statistics/quantisation.ts';

describe('the step of values', () => {
  it('is found where they are whole ticks, whatever the tick', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 100, max: 104 }), { minLength: 10, maxLength: 40 }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        (ticks, tick) => {
          const all = [...ticks, 100, 101];
          const step = smallestStep(all.map((count) => count * tick));
          assert.ok(step !== undefined && Math.abs(step / tick - 1) < 1e-6, `${step} of ${tick}`);
        },
      ),
    );
  });

  it('is none where values hardly repeat, are all one, or are no multiples of it', () => {
    assert.equal(smallestStep([1, 2, 3, 3]), undefined);
    assert.equal(smallestStep([7, 7, 7]), undefined);
    assert.equal(smallestStep([100, 100, 143.7, 143.7]), undefined);
  });

  it('is, of rates, that of the times which they are the inverse of', () => {
    const rates = [100, 100, 101, 101, 102, 102].map((one) => 1e6 / one);
    assert.equal(smallestStep(rates), undefined);
    assert.ok(Math.abs(smallestStepOfRates(rates)! - 1e6 / 101 ** 2) < 1);
  });
});

describe('the test of a mean that may be off', () => {
  it('is the t test where it may not, and says nothing of a mean that is nearer to 0 than it may be off', () => {
    const spread = summarise([1, 1.1, 0.9]);
    assert.equal(openTest(spread, 0), tTest(spread));
    assert.equal(openTest(spread, 1.01), 1);
    const [none, some] = [openTest(spread, 0), openTest(spread, 0.3)];
    assert.ok(none < some && some < 1);
  });

  it('is never 0 for values without any spread', () => {
    assert.equal(tTest(summarise([1, 1, 1])), 0);
    const p = openTest(summarise([1, 1, 1]), 0.1);
    assert.ok(0 < p && p < 0.05, `${p}`);
  });
});
