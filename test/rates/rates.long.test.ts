/** The harness's error rates are what they are promised to be, at a small size: `npm run rates` has the full one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateRates } from './gates.ts';
import { intervalRates, latencyCoverage } from './intervals.ts';
import { planRates } from './plans.ts';
import { persistentRates } from './persistent-states.ts';
import { confirmedRates } from './confirmed.ts';
import { steadinessRates } from './steadiness.ts';
import { tailRates } from './tails.ts';
import { checkRates, trendRates } from './trends.ts';
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
  promised('of tails', () => tailRates(200));
  promised('of trends', () => trendRates(20));
  promised('of the newest of several runs', () => checkRates(200));
  promised('of gates that are confirmed', () => confirmedRates(100));
  promised('of intervals', () => intervalRates(200));

  // Some 96% of what is reported holds the truth, and 90% of t on the same draws: of 4,000, either is on the other side of 93% in
  // fewer than one of 100,000 sets of draws. The bounds above, of four standard errors at 200, would let t pass.
  it('of intervals, near enough to tell them from those of t alone', (t) => {
    const { reported, t: former, of } = latencyCoverage(1000);
    t.diagnostic(
      `${((100 * reported) / of).toFixed(1)}%, of t ${((100 * former) / of).toFixed(1)}%, of ${of}`,
    );
    assert.ok(reported >= 0.93 * of, `${reported} of ${of}`);
    assert.ok(former < 0.93 * of, `${former} of ${of}: this would not find t out`);
  });
});
