import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pilotOf } from '../../src/compare/pilot.ts';
import { outlookOf } from '../../src/plan/outlook.ts';
import { type Levels, samplesPerTrial } from '../../src/plan/repetition.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { standardNormal } from '../statistics/draws.ts';
import { autoregressive } from '../statistics/series.ts';
import { recordOf } from '../../src/record/fold.ts';

describe('the outlook of a design', () => {
  const known = { sd: 0.02, blocks: Infinity };
  const design = { blocks: 10, margin: 0.03, confidence: 0.95 };

  it('says what it detects, and what would be needed', () => {
    const { sdLimit, detects, blocksForMargin, blocksForGate } = outlookOf(known, design, 4);
    assert.equal(sdLimit, 0.02);
    assert.ok(detects > 0.045 && detects < 0.06, String(detects));
    assert.ok(blocksForMargin >= 10 && blocksForGate > blocksForMargin);
    assert.equal(outlookOf(known, { ...design, blocks: 1 }, 4).detects, Infinity);
    assert.equal(outlookOf({ ...known, sd: 0 }, design, 4).detects, 0.03);
  });

  it('reckons with what a pilot of few blocks may not know', () => {
    const pilots = [Infinity, 10, 6, 3].map((blocks) => outlookOf({ sd: 0.02, blocks }, design, 4));
    for (const what of ['sdLimit', 'detects', 'blocksForMargin', 'blocksForGate'] as const) {
      const values = pilots.map((outlook) => outlook[what]);
      assert.deepEqual(
        values,
        values.toSorted((a, b) => a - b),
        what,
      );
      assert.equal(new Set(values).size, 4, what);
    }
  });

  it('asks for as many blocks as are worth the independent ones that it takes', () => {
    const [alone, held] = [1, 0.25].map((worth) => outlookOf({ ...known, worth }, design, 4));
    assert.equal(held!.blocksForMargin, 4 * alone!.blocksForMargin);
    assert.equal(held!.blocksForGate, 4 * alone!.blocksForGate);
    const fewer = outlookOf(known, { ...design, blocks: 5 }, 4);
    assert.equal(outlookOf({ ...known, worth: 0.5 }, design, 4).detects, fewer.detects);
  });
});

describe('the samples of a trial', () => {
  const levels = (some: Partial<Levels>): Levels => ({
    trialMs: 400,
    sampleMs: 100,
    blockVariance: 1,
    sampleVariance: 9,
    ...some,
  });

  it('follow the formula of Kalibera and Jones', () => {
    assert.equal(samplesPerTrial(levels({})), 6); // sqrt(4 * 9)
    assert.equal(samplesPerTrial(levels({ trialMs: 401 })), 7);
    assert.equal(samplesPerTrial(levels({ sampleVariance: 0 })), 1);
    assert.equal(samplesPerTrial(levels({ blockVariance: -0.1 })), null);
  });

  it('give the least variance of any number in the same time', () => {
    const at = levels({ sampleVariance: 9 });
    // Variance of the mean after a fixed time: blocks are time / (c2 + r c1), each with T2² + T1² / r.
    const cost = (r: number) => (at.trialMs + r * at.sampleMs) * (at.blockVariance + at.sampleVariance / r);
    const best = samplesPerTrial(at)!;
    for (let r = 1; r < 50; r++) assert.ok(cost(best) <= cost(r) + 1e-9, `${r}`);
  });
});

describe('a pilot', () => {
  it('tells the spread of blocks from that of samples, and what each costs', () => {
    const { experiment, plan, events } = simulatedRun({
      design: '{ blocks: 400, samples: 4, warmup: 2 }',
      value: ({ mode, id }, _, noise) => {
        const block = mode === 'slow' ? 0.03 * standardNormal(seeded(derive(1, id))) : 0;
        return 100 * Math.exp(block + 0.02 * noise);
      },
    });
    const [cell] = pilotOf(experiment, plan, recordOf(events));
    const { sampleVariance, blockVariance, sampleMs, trialMs } = cell!.levels!;
    const near = (found: number, expected: number) => {
      assert.ok(Math.abs(found / expected - 1) < 0.2, `${found}, expected ${expected}`);
    };
    near(cell!.sd ** 2, 0.03 ** 2 + (2 * 0.02 ** 2) / 4);
    near(sampleVariance, 2 * 0.02 ** 2);
    near(blockVariance, 0.03 ** 2);
    // Simulated events are a millisecond apart: two warm-ups and the end are the trial's own.
    assert.deepEqual([sampleMs, trialMs], [1, 3]);
  });

  it('counts blocks that follow each other and are alike as what they are worth', () => {
    const pilot = (logs: Float64Array) => {
      const { experiment, plan, events } = simulatedRun({
        design: `{ blocks: ${logs.length}, samples: 1, warmup: 0 }`,
        value: ({ mode, block }) => 100 * Math.exp(mode === 'slow' ? 0.02 * logs[block - 1]! : 0),
      });
      return pilotOf(experiment, plan, recordOf(events))[0]!;
    };
    const alike = pilot(autoregressive(40, 0.8, 'pilot'));
    assert.ok(alike.spread.blocks < 15 && alike.spread.sd > alike.sd, JSON.stringify(alike.spread));
    assert.equal(alike.spread.worth, alike.spread.blocks / 40);
    const apart = pilot(autoregressive(40, 0, 'pilot'));
    assert.deepEqual(apart.spread, { sd: apart.sd, blocks: 40 });
  });

  it('says nothing of single blocks, and of levels where trials have a single sample', () => {
    const one = simulatedRun({ design: '{ blocks: 1 }' });
    assert.deepEqual(pilotOf(one.experiment, one.plan, recordOf(one.events)), []);
    const single = simulatedRun({ design: '{ blocks: 3, samples: 1 }' });
    assert.equal(pilotOf(single.experiment, single.plan, recordOf(single.events))[0]!.levels, undefined);
  });
});
