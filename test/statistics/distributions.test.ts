import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { incompleteBeta, logBeta, logGamma } from '../../src/statistics/beta.ts';
import { normalCdf, normalQuantile, normalTail } from '../../src/statistics/normal.ts';
import { tCdf, tQuantile, tTail } from '../../src/statistics/student.ts';
import { closeRelative, reference } from './reference.ts';

const { distributions } = reference;

describe('the normal distribution', () => {
  it('agrees with scipy, tails included', () => {
    for (const [x, p] of distributions.normalCdf) closeRelative(normalCdf(x!), p!, `cdf at ${x}`, 1e-12);
    for (const [p, x] of distributions.normalQuantile)
      closeRelative(normalQuantile(p!), x!, `quantile of ${p}`, 1e-13);
  });

  it('has its ends, its symmetry and its limits', () => {
    assert.deepEqual([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)], [-Infinity, 0, Infinity]);
    assert.deepEqual([normalCdf(-Infinity), normalCdf(Infinity), normalCdf(NaN)], [0, 1, NaN]);
    closeRelative(normalTail(9), normalCdf(-9));
    for (const p of [-0.1, 1.1, NaN]) assert.throws(() => normalQuantile(p), RangeError);
  });
});

describe("Student's t", () => {
  it('agrees with scipy', () => {
    for (const [t, nu, p] of distributions.tCdf)
      closeRelative(tCdf(t!, nu!), p!, `cdf of ${t} at ${nu}`, 1e-11);
    for (const [p, nu, t] of distributions.tQuantile) {
      closeRelative(tQuantile(p!, nu!), t!, `quantile of ${p} at ${nu}`, 1e-11);
    }
  });

  it('is the Cauchy distribution at one degree and the normal at infinity', () => {
    closeRelative(tCdf(2, 1), 0.5 + Math.atan(2) / Math.PI, '', 1e-14);
    assert.equal(tCdf(1.3, Infinity), normalCdf(1.3));
    assert.equal(tQuantile(0.9, Infinity), normalQuantile(0.9));
    closeRelative(tTail(2, 1e6), normalTail(2), '', 1e-5);
  });

  it('quantile and cdf are inverses', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
        fc.integer({ min: 1, max: 500 }),
        (p, nu) => {
          closeRelative(tCdf(tQuantile(p, nu), nu), p, `p ${p}, degrees ${nu}`, 1e-11);
        },
      ),
    );
  });

  it('has its ends, and refuses what is none', () => {
    assert.deepEqual([tQuantile(0, 3), tQuantile(0.5, 3), tQuantile(1, 3)], [-Infinity, 0, Infinity]);
    assert.deepEqual([tCdf(-Infinity, 3), tCdf(Infinity, 3)], [0, 1]);
    assert.throws(() => tQuantile(1.5, 3), RangeError);
    for (const degrees of [0, -1, NaN])
      assert.throws(() => tCdf(1, degrees), /degrees of freedom must be above 0/);
  });
});

describe('the beta family', () => {
  it('agrees with scipy', () => {
    for (const [x, value] of distributions.logGamma)
      closeRelative(logGamma(x!), value!, `log gamma of ${x}`, 1e-12);
    for (const [x, a, b, value] of distributions.incompleteBeta) {
      closeRelative(incompleteBeta(x!, a!, b!), value!, `beta(${x}, ${a}, ${b})`, 1e-11);
    }
  });

  it('log beta is the sum of its log gammas in each of its ranges', () => {
    for (const [a, b] of [
      [0.5, 3],
      [0.5, 40],
      [12, 30],
      [200, 0.25],
    ] as const) {
      closeRelative(
        logBeta(a, b),
        logGamma(a) + logGamma(b) - logGamma(a + b),
        `log beta(${a}, ${b})`,
        1e-11,
      );
    }
  });
});
