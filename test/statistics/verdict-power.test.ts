import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { verdictOf } from '../../src/compare/verdict.ts';
import { chiSquareCdf, chiSquareQuantile } from '../../src/statistics/chi-square.ts';
import { meanIntervals } from '../../src/statistics/mean-intervals.ts';
import { standardDeviation } from '../../src/statistics/moments.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { decisiveConfidence } from '../../src/statistics/ratio.ts';
import { blocksForMargin, detectable, upperLimit, widening } from '../../src/statistics/verdict-power.ts';
import { draws, standardNormal } from './draws.ts';
import { close, closeRelative, reference } from './reference.ts';

describe('the chi-square distribution', () => {
  it('agrees with scipy, both ways', () => {
    for (const [p, degrees, x] of reference.distributions.chiSquare) {
      closeRelative(chiSquareQuantile(p!, degrees!), x!, `${p} of ${degrees} degrees`, 1e-12);
      close(chiSquareCdf(x!, degrees!), p!, `${x} of ${degrees} degrees`, 1e-12);
    }
    assert.equal(chiSquareCdf(0, 3), 0);
    assert.throws(() => chiSquareQuantile(1, 3), RangeError);
    assert.throws(() => chiSquareCdf(1, 0), RangeError);
  });
});

describe('the upper limit of a standard deviation', () => {
  it('is above the true one in 80% of pilots', () => {
    const random = seeded('pilots');
    for (const n of [3, 6, 10]) {
      let above = 0;
      for (let i = 0; i < 2000; i++)
        above += upperLimit(standardDeviation(draws(n, () => standardNormal(random))), n) >= 1 ? 1 : 0;
      close(above / 2000, 0.8, `of ${n} blocks`, 0.035);
    }
  });

  it('is the sd itself where that is known, and refuses a single block', () => {
    assert.equal(upperLimit(0.02, Infinity), 0.02);
    assert.throws(() => upperLimit(0.02, 1), RangeError);
    assert.throws(() => upperLimit(0.02, 5, 80), RangeError);
  });
});

describe('a plan for a verdict', () => {
  const plan = (sd: number, margin = 0.03) => ({ sd, margin, confidence: 0.95 });

  it('finds and excludes what it promises, in experiments', () => {
    for (const [sd, margin] of [
      [0.01, 0.03],
      [0.04, 0.03],
    ] as const) {
      const n = blocksForMargin(plan(sd, margin));
      const random = seeded(derive('plan', sd));
      const found = { same: 0, slower: 0 };
      for (let i = 0; i < 600; i++) {
        const logs = draws(n, () => sd * standardNormal(random));
        const verdict = (shift: number) => {
          const [decisive] = meanIntervals(
            logs.map((log) => log + shift),
            [decisiveConfidence(0.95, n)],
            { seed: i, resamples: 500 },
          ).intervals;
          const { low, high } = decisive!.reported;
          return verdictOf(Math.exp(low!), Math.exp(high!), 'lower', margin);
        };
        found.same += verdict(0) === 'same' ? 1 : 0;
        found.slower += verdict(Math.log1p(2 * margin)) === 'slower' ? 1 : 0;
      }
      // Of 600, with a standard error of 10: 480 are promised.
      assert.ok(found.same > 440 && found.slower > 440, `${JSON.stringify(found)} at ${n} blocks`);
      assert.ok(
        Math.min(found.same, found.slower) < 550,
        `${JSON.stringify(found)}: more blocks than needed`,
      );
    }
  });

  it('knows that fewer than ten blocks take 99%', () => {
    const [nine, ten] = [9, 10].map((n) => detectable(n, plan(0.02)));
    // By their number and t's quantile alone, nine blocks would see a difference that is 1.07 times as large.
    assert.ok(Math.log1p(nine!) - Math.log1p(0.03) > 1.4 * (Math.log1p(ten!) - Math.log1p(0.03)));
  });

  it('knows how much wider than t the interval of a verdict is', () => {
    for (const [n, expected] of [
      [5, 1.9],
      [9, 1.3],
      [10, 1.2],
      [30, 1.05],
    ] as const) {
      const random = seeded(derive('wider', n));
      let logs = 0;
      for (let i = 0; i < 300; i++) {
        const values = draws(n, () => standardNormal(random));
        const [one] = meanIntervals(values, [decisiveConfidence(0.95, n)], {
          seed: i,
          resamples: 1000,
        }).intervals;
        const { t, reported } = one!;
        logs += Math.log((reported.high! - reported.low!) / (t.high! - t.low!)) / 300;
      }
      close(Math.exp(logs), expected, `${n} blocks`, 0.1);
      close(widening(n, n < 10), expected, `${n} blocks, as planned`, 0.1);
    }
  });

  it('asks for more blocks of noisier cells, and sees less in them', () => {
    const sd = fc.double({ min: 1e-3, max: 0.3, noNaN: true });
    fc.assert(
      fc.property(sd, fc.double({ min: 1.01, max: 3, noNaN: true }), (quiet, times) => {
        const [one, other] = [plan(quiet), plan(quiet * times)];
        assert.ok(blocksForMargin(one) <= blocksForMargin(other));
        assert.ok(detectable(12, one) < detectable(12, other));
        assert.ok(detectable(12, one) > 0.03);
      }),
      { numRuns: 20 },
    );
    assert.deepEqual([blocksForMargin(plan(0)), detectable(10, plan(0))], [2, 0.03]);
  });

  it('refuses what is none', () => {
    assert.throws(() => blocksForMargin(plan(0.01, 0)), /a margin must be above 0/);
    assert.throws(() => blocksForMargin(plan(-1)), RangeError);
    assert.throws(() => detectable(1, plan(0.01)), RangeError);
    assert.throws(() => detectable(10, plan(0.01), 80), RangeError);
  });
});
