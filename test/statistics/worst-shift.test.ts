import assert from 'node:assert/strict';
import { it } from 'node:test';
import { worstShifts } from '../../src/statistics/worst-shift.ts';

it('what is fitted may be off by what each value moves it, all at their worst', () => {
  const fit = ([a = NaN, b = NaN]: Float64Array) => [a - b, a + b, b];
  const [values, tenth] = [Float64Array.of(10, 20), Math.log(1.1)];
  const shifts = worstShifts(fit, values, Float64Array.of(tenth, tenth));
  // A difference is off by both, although both moved one way leave it as near.
  for (const [index, expected] of [3, 3, 2].entries()) assert.ok(Math.abs(shifts[index]! - expected) < 1e-9);
  assert.deepEqual(worstShifts(fit, values, Float64Array.of(0, 0)), [0, 0, 0]);
});
