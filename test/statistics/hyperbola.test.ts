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

  it('is none below three different x', () => {
    assert.equal(fitHyperbola([1, 2, 2].map((x) => ({ x, y: x }))), undefined);
    assert.ok(fitHyperbola([1, 2, 3].map((x) => ({ x, y: x }))));
  });
});
