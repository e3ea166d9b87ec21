import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fewestFor, quantileInterval } from '../../src/statistics/order-statistics.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { tailRatios } from '../../src/statistics/tail-ratio.ts';
import { standardNormal } from './draws.ts';

const oneTo = (n: number) => Float64Array.from({ length: n }, (_, index) => index + 1);

describe('a quantile’s interval by order statistics', () => {
  it('has the ranks of the binomial distribution', () => {
    // R: qbinom(c(0.025, 0.975), 100, 0.5) gives 40 and 60: ranks 40 and 61 (David & Nagaraja, section 7.1).
    assert.deepEqual(quantileInterval(oneTo(100), 0.5), { value: 50, low: 40, high: 61 });
    // Six values carry the median's, from the least to the greatest: 1 - 2 / 2^6 = 96.9%.
    assert.deepEqual(quantileInterval(oneTo(6), 0.5), { value: 3, low: 1, high: 6 });
  });

  it('is there from where its upper order statistic exists, and not before', () => {
    assert.deepEqual(
      [0.5, 0.95, 0.99, 0.999].map((p) => fewestFor(p)),
      [6, 72, 368, 3688],
    );
    for (const p of [0.95, 0.99, 0.999]) {
      const fewest = fewestFor(p);
      assert.ok(p ** fewest <= 0.025 && p ** (fewest - 1) > 0.025);
      assert.equal(quantileInterval(oneTo(fewest - 1), p), undefined);
      assert.equal(quantileInterval(oneTo(fewest), p)?.high, fewest);
    }
  });

  it('holds the true quantile in at least 95% of samples, whatever the distribution', (t) => {
    const random = seeded('order statistics');
    for (const [name, draw, truth] of [
      ['uniform', () => random.next(), 0.95],
      ['exponential', () => -Math.log1p(-random.next()), -Math.log(0.05)],
    ] as const) {
      let held = 0;
      for (let i = 0; i < 2000; i++) {
        const { low, high } = quantileInterval(Float64Array.from({ length: 150 }, draw).sort(), 0.95)!;
        held += low <= truth && truth <= high ? 1 : 0;
      }
      t.diagnostic(`${name}: ${held / 20}%`);
      assert.ok(held >= 0.94 * 2000, `${held}`);
    }
  });
});

describe('the ratio of two tails', () => {
  /** Blocks of which each has a factor of its own, that both arms share, and latencies with a tail. */
  const blocksOf = (seed: string, blocks: number, factor: number) => {
    const random = seeded(seed);
    return Array.from({ length: blocks }, () => {
      const shared = Math.exp(0.3 * standardNormal(random));
      const arm = (scale: number) => {
        const own = scale * Math.exp(0.05 * standardNormal(random));
        return Array.from({ length: 50 }, () => own * shared * (1 - 0.2 * Math.log1p(-random.next())));
      };
      return { mode: arm(factor), baseline: arm(1) };
    });
  };

  it('is that of the quantiles of all samples, and the same again', () => {
    const pairs = blocksOf('one', 12, 1.3);
    const [found] = tailRatios(pairs, [0.95], { seed: 1 });
    const p95 = (values: number[]) => values.sort((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1]!;
    const [mode, baseline] = [pairs.flatMap(({ mode }) => mode), pairs.flatMap(({ baseline }) => baseline)];
    assert.ok(Math.abs(found!.ratio - p95(mode) / p95(baseline)) < 1e-12);
    assert.deepEqual(tailRatios(pairs, [0.95], { seed: 1 }), [found]);
    const both = tailRatios(pairs, [0.5, 0.95], { seed: 1 });
    assert.deepEqual(both[1], found, 'whatever stands beside it');
  });

  it('holds the truth in most experiments, however much the samples of a block share', (t) => {
    let held = 0;
    for (let i = 0; i < 200; i++) {
      const [{ low, high } = { low: NaN, high: NaN }] = tailRatios(blocksOf(`held ${i}`, 12, 1.3), [0.95], {
        seed: i,
        resamples: 400,
      });
      held += low <= 1.3 && 1.3 <= high ? 1 : 0;
    }
    t.diagnostic(`${held / 2}% of 200 experiments of 12 blocks`);
    assert.ok(held >= 0.85 * 200, `${held}`);
  });
});
