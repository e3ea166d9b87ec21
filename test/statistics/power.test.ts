import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { summarise, tTest } from '../../src/statistics/interval.ts';
import { noncentralTCdf } from '../../src/statistics/noncentral-t.ts';
import { blocksNeeded, detectable, gateBlocksNeeded, powerOf } from '../../src/statistics/power.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { tCdf } from '../../src/statistics/student.ts';
import { draws, standardNormal } from './draws.ts';
import { close, reference } from './reference.ts';

describe('the noncentral t distribution', () => {
  it('agrees with scipy', () => {
    for (const [t, nu, delta, p] of reference.distributions.noncentralT) {
      close(noncentralTCdf(t!, nu!, delta!), p!, `P(T <= ${t}), ${nu} degrees, delta ${delta}`);
    }
  });

  it("is Student's t at delta 0, and mirrors", () => {
    for (const t of [-3, -0.2, 0, 1.5]) close(noncentralTCdf(t, 7, 0), tCdf(t, 7), `t ${t}`, 1e-13);
    close(noncentralTCdf(-1.5, 7, -2), 1 - noncentralTCdf(1.5, 7, 2));
    close(noncentralTCdf(50, 20, 50), 1 - noncentralTCdf(-50, 20, -50), 'far out');
    assert.throws(() => noncentralTCdf(1, 0, 1), RangeError);
  });
});

describe('power', () => {
  it('agrees with scipy', () => {
    for (const [n, effect, sd, alpha, expected] of reference.power) {
      close(powerOf(n!, effect!, sd!, alpha), expected!, `n ${n}, effect ${effect}`);
    }
  });

  it('is what simulated experiments find', () => {
    const random = seeded('power');
    const [n, effect, sd] = [10, 0.02, 0.02];
    let found = 0;
    for (let experiment = 0; experiment < 4000; experiment++) {
      const logs = draws(n, () => Math.log1p(effect) + sd * standardNormal(random));
      if (tTest(summarise(logs)) < 0.05) found++;
    }
    close(found / 4000, powerOf(n, effect, sd), 'power', 0.025);
  });

  it('is the level where there is no effect, and grows with the blocks', () => {
    close(powerOf(10, 0, 0.02), 0.05);
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (n, effect) => {
          assert.ok(powerOf(n + 1, effect, 0.05) >= powerOf(n, effect, 0.05) - 1e-10);
        },
      ),
    );
  });
});

describe('planning', () => {
  it('detectable is the effect that has just the power asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 100 }),
        fc.double({ min: 1e-4, max: 0.3, noNaN: true }),
        (n, sd) => {
          close(powerOf(n, detectable(n, sd, 0.8), sd), 0.8, `n ${n}, sd ${sd}`, 1e-8);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('blocksNeeded is the first n with the power asked', () => {
    const share = fc.double({ min: 0.005, max: 0.3, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.constantFrom(0.06, 0.8, 0.95), (effect, sd, power) => {
        const n = blocksNeeded(effect, sd, power);
        assert.ok(powerOf(n, effect, sd) >= power);
        if (n > 2) assert.ok(powerOf(n - 1, effect, sd) < power);
      }),
      { numRuns: 50 },
    );
  });

  it("agrees with a search over scipy's power, and is quickly done on a bench without noise", () => {
    for (const [effect, sd, power, n] of reference.blocksNeeded) {
      assert.equal(blocksNeeded(effect!, sd!, power), n, `effect ${effect}, sd ${sd}`);
    }
    assert.equal(blocksNeeded(0.05, 0, 0.95), 2);
    assert.equal(detectable(10, 0), 0);
  });

  it('finds an injected 5% slowdown in at least 95% of experiments at the blocks it asks for', () => {
    const random = seeded('injected');
    const sd = 0.04;
    const n = blocksNeeded(0.05, sd, 0.96);
    let found = 0;
    for (let experiment = 0; experiment < 4000; experiment++) {
      if (tTest(summarise(draws(n, () => Math.log(1.05) + sd * standardNormal(random)))) < 0.05) found++;
    }
    assert.ok(found >= 3800, `${found} of 4000 at ${n} blocks`);
  });

  it('refuses plans that are none', () => {
    assert.throws(() => powerOf(1, 0.1, 0.1), /2 blocks or more, found 1/);
    assert.throws(() => powerOf(10, -1, 0.1), RangeError);
    assert.throws(() => detectable(10, -0.1), RangeError);
    assert.throws(() => detectable(10, 0.1, 80), /a power must lie between 0 and 1, found 80/);
    assert.throws(() => blocksNeeded(0, 0.1), /not 0, found 0/);
    assert.throws(() => blocksNeeded(0.1, 0.1, 0.8, 5), RangeError);
  });
});

describe('the blocks that a gate needs', () => {
  it('agree with scipy on the power of two runs', () => {
    for (const [effect, margin, sd, comparisons, n, power] of reference.gatePower) {
      const needed = (wanted: number) => gateBlocksNeeded(effect!, margin!, sd!, comparisons!, wanted);
      assert.equal(needed(power! - 1e-9), n, `effect ${effect}, a little under the power of ${n} blocks`);
      assert.equal(needed(power! + 1e-9), n! + 1, `effect ${effect}, a little over the power of ${n} blocks`);
    }
  });

  it('are more with a margin, and refuse an effect inside it', () => {
    assert.ok(gateBlocksNeeded(0.05, 0.02, 0.01, 20) > gateBlocksNeeded(0.05, 0, 0.01, 20));
    assert.equal(gateBlocksNeeded(0.05, 0.02, 0, 20), 2);
    assert.throws(() => gateBlocksNeeded(0.03, 0.03, 0.01, 20), RangeError);
  });
});
