/** What an interval settles, against a margin. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { performance, verdictOf } from '../../src/compare/verdict.ts';

describe('the verdict', () => {
  const top = 1.03;
  const verdict = (low: number | null, high: number | null, better: 'higher' | 'lower' = 'higher') =>
    verdictOf(low, high, better, 0.03);

  it('is the same where the interval lies inside the margin, its edges included', () => {
    for (const better of ['higher', 'lower'] as const) {
      assert.equal(verdict(1 / top, top, better), 'same');
      assert.equal(verdict(1, 1, better), 'same');
      assert.equal(verdict(1.01, 1.02, better), 'same');
      assert.equal(verdict(1 / top - 1e-12, top, better), 'inconclusive');
      assert.equal(verdict(1 / top, top + 1e-12, better), 'inconclusive');
    }
  });

  it('is slower or faster only where the whole interval lies beyond an edge, in the metric’s direction', () => {
    assert.equal(verdict(top + 1e-12, 2), 'faster');
    assert.equal(verdict(top + 1e-12, 2, 'lower'), 'slower');
    assert.equal(verdict(0.5, 1 / top - 1e-12), 'slower');
    assert.equal(verdict(0.5, 1 / top - 1e-12, 'lower'), 'faster');
    assert.equal(verdict(top, 2), 'inconclusive');
    assert.equal(verdict(0.5, 1 / top), 'inconclusive');
    assert.equal(verdict(0.5, 2), 'inconclusive');
  });

  it('is inconclusive without an interval', () => {
    assert.equal(verdict(null, null), 'inconclusive');
    assert.equal(verdict(2, null), 'inconclusive');
  });

  it('of a metric turned over is that of its inverse', () => {
    const figure = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(figure, figure, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (a, b, margin) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const edges = [low, high, 1 / low, 1 / high];
        if (edges.some((edge) => Math.abs(Math.abs(Math.log(edge)) - Math.log(1 + margin)) < 1e-12)) return;
        assert.equal(verdictOf(low, high, 'higher', margin), verdictOf(1 / high, 1 / low, 'lower', margin));
      }),
    );
  });
});

describe('performance', () => {
  it('is the ratio where higher is better, else its inverse with the ends swapped', () => {
    assert.deepEqual(performance(0.5, 0.4, 0.8, 'higher'), { ratio: 0.5, low: 0.4, high: 0.8 });
    assert.deepEqual(performance(0.5, 0.4, 0.8, 'lower'), { ratio: 2, low: 1.25, high: 2.5 });
    assert.deepEqual(performance<number | null>(0.5, null, null, 'lower'), {
      ratio: 2,
      low: null,
      high: null,
    });
  });
});
