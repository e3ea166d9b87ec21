import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bootstrap } from '../../src/statistics/bootstrap.ts';
import { disagreementOf } from '../../src/statistics/disagreement.ts';
import { hodgesLehmann } from '../../src/statistics/hodges-lehmann.ts';
import { summarise, tInterval } from '../../src/statistics/interval.ts';
import { mean } from '../../src/statistics/moments.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { ratio } from '../../src/statistics/ratio.ts';
import { studentisedIntervals } from '../../src/statistics/studentised.ts';
import { standardNormal } from './draws.ts';
import { close } from './reference.ts';

const figure = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const pairs = fc.array(fc.record({ mode: figure, baseline: figure }), { minLength: 1, maxLength: 12 });
const options = { seed: 1, resamples: 200 };

describe('the ratio of a mode to the baseline', () => {
  it('is the geometric mean of the blocks, with the further ends of t and the studentised bootstrap', () => {
    const blocks = [110, 90, 130, 121, 115, 99].map((mode) => ({ mode, baseline: 100 }));
    const logs = blocks.map(({ mode }) => Math.log(mode / 100));
    const result = ratio(blocks, options);
    const expected = tInterval(summarise(logs));
    const [studentised] = studentisedIntervals(logs, [0.95], options);
    close(result.ratio, Math.exp(logs.reduce((sum, log) => sum + log) / 6), 'ratio');
    close(result.methods.t.low, Math.exp(expected.low!), 'low of t');
    close(result.methods.studentised.high, Math.exp(studentised!.high!), 'high of the bootstrap');
    close(result.low, Math.exp(Math.min(expected.low!, studentised!.low!)), 'low');
    close(result.high, Math.exp(Math.max(expected.high!, studentised!.high!)), 'high');
    close(result.methods.hodgesLehmann.estimate, Math.exp(hodgesLehmann(logs).estimate), 'Hodges-Lehmann');
    assert.deepEqual([result.n, result.confidence, result.logs.n], [6, 0.95, 6]);
  });

  it('takes a trial as its samples or as their geometric mean', () => {
    const sampled = [
      { mode: [2, 8], baseline: Float64Array.of(1, 1, 1) },
      { mode: [3, 3], baseline: [2, 0.5] },
    ];
    const condensed = [
      { mode: 4, baseline: 1 },
      { mode: 3, baseline: 1 },
    ];
    close(ratio(sampled, options).ratio, ratio(condensed, options).ratio);
    close(ratio(sampled, options).high, ratio(condensed, options).high);
  });

  it('turned around is its reciprocal, ends and all', () => {
    fc.assert(
      fc.property(pairs, (blocks) => {
        const result = ratio(blocks, options);
        const turned = ratio(
          blocks.map(({ mode, baseline }) => ({ mode: baseline, baseline: mode })),
          options,
        );
        close(turned.ratio * result.ratio, 1);
        if (result.low !== null && turned.high !== null) close(turned.high * result.low, 1);
      }),
    );
  });

  it('does not depend on the unit of measurement, nor on a block that is fast for both', () => {
    fc.assert(
      fc.property(pairs, figure, (blocks, scale) => {
        const result = ratio(blocks, options);
        const factor = (i: number) => scale * (i + 1);
        const scaled = blocks.map(({ mode, baseline }, i) => ({
          mode: mode * factor(i),
          baseline: baseline * factor(i),
        }));
        const again = ratio(scaled, options);
        close(again.ratio / result.ratio, 1);
        if (result.low !== null && again.low !== null) close(again.low / result.low, 1, 'low', 1e-7);
      }),
    );
  });

  it('holds the estimate between the ends of each method', () => {
    fc.assert(
      fc.property(pairs, (blocks) => {
        const { methods, ratio: estimate, n } = ratio(blocks, options);
        for (const { low, high } of [methods.t, methods.bootstrap]) {
          assert.equal(low === null, n < 2);
          if (low !== null && high !== null)
            assert.ok(low <= estimate * (1 + 1e-9) && high >= estimate * (1 - 1e-9));
        }
      }),
    );
  });

  it('has no interval of one block, and refuses none', () => {
    const { low, high, methods, n, ratio: estimate } = ratio([{ mode: 3, baseline: 2 }], options);
    close(estimate, 1.5);
    assert.deepEqual([low, high, n], [null, null, 1]);
    assert.deepEqual(
      [methods.t, methods.bootstrap],
      [
        { low: null, high: null },
        { low: null, high: null },
      ],
    );
    assert.throws(() => ratio([], options), RangeError);
    assert.throws(() => ratio([{ mode: 1, baseline: 1 }], { ...options, confidence: 95 }), RangeError);
  });

  it('counts boots, not blocks, where blocks share a boot', () => {
    const random = seeded('boots');
    const blocks = [0, 1, 2, 3].flatMap((boot) => {
      const shift = 0.1 * standardNormal(random);
      return Array.from({ length: 10 }, () => ({
        mode: Math.exp(shift + 0.01 * standardNormal(random)),
        baseline: 1,
        boot,
      }));
    });
    const byBoot = ratio(blocks, options);
    const asIfIndependent = ratio(
      blocks.map(({ mode, baseline }) => ({ mode, baseline })),
      options,
    );
    assert.deepEqual([byBoot.n, asIfIndependent.n], [4, 40]);
    assert.ok(
      Math.log(byBoot.high! / byBoot.low!) > 3 * Math.log(asIfIndependent.high! / asIfIndependent.low!),
    );
  });

  it('bootstraps skewed blocks as the flat bootstrap does', () => {
    const logs = [0, 0.01, 0.02, 0.02, 0.03, 0.05, 0.06, 0.1, 0.2, 0.9];
    const blocks = logs.map((log) => ({ mode: Math.exp(log), baseline: 1 }));
    const { bootstrap: found } = ratio(blocks, { seed: 1, resamples: 50_000 }).methods;
    const expected = bootstrap(logs, mean, { seed: 2, resamples: 50_000 });
    close(Math.log(found.low!), expected.low, 'low', 0.004);
    close(Math.log(found.high!), expected.high, 'high', 0.008);
  });

  it('is plain data, and the same bytes every time', () => {
    const blocks = [1.2, 1.1, 1.3].map((mode) => ({ mode, baseline: [1, 1.1] }));
    const text = JSON.stringify(ratio(blocks, { seed: 9 }));
    assert.equal(JSON.stringify(ratio(blocks, { seed: 9 })), text);
    assert.deepEqual(JSON.parse(text), ratio(blocks, { seed: '9' }));
    assert.notEqual(JSON.stringify(ratio(blocks, { seed: 10 })), text);
  });
});

describe('where the methods disagree', () => {
  it('says so when one holds 1 and another does not', () => {
    const dragged = [1.02, 1.03, 1.02, 1.04, 1.03, 1.02, 1.03, 1.02, 1.03, 3].map((mode) => ({
      mode,
      baseline: 1,
    }));
    const { disagreement } = ratio(dragged, options);
    assert.match(
      disagreement ?? '',
      /^t \[0\.8966, 1\.457\] holds 1, .*, Hodges-Lehmann \[1\.020, 1\.749\] lies above 1$/,
    );
  });

  it('says so when one block drags the mean', () => {
    const wild = [2, 2.02, 2.01, 2.03, 2.02, 2.01, 2.03, 2.02, 2.01, 9].map((mode) => ({
      mode,
      baseline: 1,
    }));
    assert.equal(
      ratio(wild, options).disagreement,
      'few blocks drag the mean: 2.342, but the Hodges-Lehmann estimate is 2.020',
    );
  });

  it('says so when one interval is far wider than another', () => {
    const methods = {
      t: { low: 1.1, high: 1.5 },
      studentised: { low: 1.12, high: 1.45 },
      bootstrap: { low: 1.25, high: 1.3 },
      hodgesLehmann: { estimate: 1.28, low: 1.2, high: 1.4 },
    };
    assert.equal(
      disagreementOf(methods),
      't [1.100, 1.500] is over 3 times as wide as bootstrap [1.250, 1.300]',
    );
    assert.equal(disagreementOf({ ...methods, bootstrap: { low: 1.15, high: 1.4 } }), undefined);
  });

  it('has nothing to say of blocks that are all equal, whatever rounding does', () => {
    for (const mode of [1, 1.1, 3, 0.7, 12.34]) {
      for (const n of [2, 3, 7, 10]) {
        const blocks = Array.from({ length: n }, () => ({ mode: [mode, mode, mode], baseline: 0.3 }));
        assert.equal(ratio(blocks, options).disagreement, undefined, `${n} blocks of ${mode}`);
      }
    }
  });

  it('has nothing to say of 98% of normal experiments at ten blocks', () => {
    const random = seeded('disagreement');
    const noted = Array.from({ length: 500 }, (_, seed) => {
      const blocks = Array.from({ length: 10 }, () => ({
        mode: Math.exp(0.2 + 0.05 * standardNormal(random)),
        baseline: 1,
      }));
      return ratio(blocks, { seed, resamples: 500 }).disagreement;
    }).filter((text) => text !== undefined);
    assert.ok(noted.length <= 10, `${noted.length} of 500: ${noted.join('; ')}`);
  });
});
