import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { summarise, tTest } from '../../src/statistics/interval.ts';
import { noncentralTCdf } from '../../src/statistics/noncentral-t.ts';
import { chanceBeyond, gateBlocksNeeded } from '../../src/statistics/power.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { tCdf, tQuantile } from '../../src/statistics/student.ts';
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
  const twoSided = (n: number, effect: number, sd: number, alpha: number) => {
    const critical = tQuantile(1 - alpha / 2, n - 1);
    const shift = Math.log1p(effect) / sd;
    return chanceBeyond(n, shift, critical) + chanceBeyond(n, -shift, critical);
  };

  it('agrees with scipy', () => {
    for (const [n, effect, sd, alpha, expected] of reference.power)
      close(twoSided(n!, effect!, sd!, alpha!), expected!, `n ${n}, effect ${effect}`);
  });

  it('is what simulated experiments find', () => {
    const random = seeded('power');
    const [n, effect, sd] = [10, 0.02, 0.02];
    let found = 0;
    for (let experiment = 0; experiment < 4000; experiment++) {
      const logs = draws(n, () => Math.log1p(effect) + sd * standardNormal(random));
      if (tTest(summarise(logs)) < 0.05) found++;
    }
    close(found / 4000, twoSided(n, effect, sd, 0.05), 'power', 0.025);
  });

  it('is the level where there is no effect, and grows with the blocks', () => {
    close(twoSided(10, 0, 0.02, 0.05), 0.05);
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (n, effect) => {
          assert.ok(twoSided(n + 1, effect, 0.05, 0.05) >= twoSided(n, effect, 0.05, 0.05) - 1e-10);
        },
      ),
    );
  });

  it('is 1 far out, and none of a single block', () => {
    assert.equal(chanceBeyond(10, 1e6, 2), 1);
    assert.throws(() => chanceBeyond(1, 0.1, 2), /2 blocks or more, found 1/);
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
