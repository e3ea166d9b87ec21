/** The harness's error rates are what they are promised to be, at a small size: `npm run rates` has the full one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateRates } from './gates.ts';
import { intervalRates } from './intervals.ts';
import { planRates } from './plans.ts';
import { persistentRates } from './persistent-states.ts';
import { steadinessRates } from './steadiness.ts';
import { type Rate, keepsItsPromise } from './rate.ts';

function promised(name: string, rates: () => Rate[]): void {
  it(name, (t) => {
    const found = rates();
    for (const { what, percent } of found) t.diagnostic(`${what}: ${percent.toFixed(1)}%`);
    assert.deepEqual(
      found.filter((rate) => !keepsItsPromise(rate)),
      [],
    );
  });
}

describe('the error rates', () => {
  promised('of gates', () => gateRates(100));
  promised('of steps and drifts', () => steadinessRates(200));
  promised('of states that last', () => persistentRates(200));
  promised('of plans', () => planRates(200));
  promised('of intervals', () => intervalRates(200));
});
