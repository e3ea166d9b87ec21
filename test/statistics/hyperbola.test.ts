import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitHyperbola } from '../../src/statistics/hyperbola.ts';
import { close } from './reference.ts';

describe('the fit of a limit and a cost over work', () => {
  it('finds both where nothing scatters', () => {
    const fit = fitHyperbola([1, 2, 5, 100].map((x) => ({ x, y: 1.2 + 3 / x })));
    assert.ok(fit);
    close(fit.limit, 1.2, 'limit');
    close(fit.cost, 3, 'cost');
  });

  it('has the least squares of relative errors', () => {
    const points = [
      { x: 1, y: 11 },
      { x: 2, y: 4.5 },
      { x: 4, y: 4 },
      { x: 50, y: 0.9 },
    ];
    const fit = fitHyperbola(points);
    assert.ok(fit);
    const error = (limit: number, cost: number) =>
      points.reduce((sum, { x, y }) => sum + ((y - limit - cost / x) / y) ** 2, 0);
    const least = error(fit.limit, fit.cost);
    for (const [limit, cost] of [
      [1e-4, 0],
      [-1e-4, 0],
      [0, 1e-4],
      [0, -1e-4],
    ] as const)
      assert.ok(error(fit.limit + limit, fit.cost + cost) > least, `${limit} ${cost}`);
  });
});

describe('the fit of a fixed cost', () => {
  it('needs three different x, all above zero', () => {
    const at = (...points: [number, number][]) => fitHyperbola(points.map(([x, y]) => ({ x, y })));
    assert.equal(at([1, 1], [2, 2]), undefined);
    assert.equal(at([1, 1], [2, 2], [2, 3]), undefined);
    const { limit, cost } = at([1, 1], [2, 2], [4, 2.5])!;
    close(limit, 3);
    close(cost, -2);
    assert.throws(() => at([0, 1], [1, 1], [2, 1]), RangeError);
    assert.throws(() => at([1, 0], [2, 1], [3, 1]), RangeError);
  });

  it('weighs a share of a small figure as much as one of a large', () => {
    // y = 1 + 1000 / x with 1% on the largest figure alone: by plain least squares the limit is off by far more.
    const points = [1, 100, 1e4, 1e6].map((x) => ({ x, y: (1 + 1000 / x) * (x === 1 ? 1.01 : 1) }));
    const { limit, cost } = fitHyperbola(points)!;
    assert.ok(Math.abs(limit - 1) < 0.01 && Math.abs(cost / 1000 - 1) < 0.01, `${limit} ${cost}`);
  });
});
