import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addedPlan, wholePlan } from '../../src/plan/added-blocks.ts';
import { makePlan, misfitOf } from '../../src/plan/plan.ts';
import { simulatedRun } from '../compare/simulated-run.ts';

const { experiment, plan } = simulatedRun({
  modes: '  native: { use: native, on: a }\n  slow: { use: native, on: b }\n  other: { use: native, on: c }',
  design: '{ blocks: 9, samples: 1 }',
  seed: 4,
});
const added = { blocks: 3, only: { modes: ['slow'], workloads: ['work'] } };

describe('blocks that are added to a plan', () => {
  it('go on with its numbers and its order, and have only what was asked for, with its baseline', () => {
    const { trials, blocks } = addedPlan(experiment, plan, added);
    assert.equal(blocks, 12);
    assert.deepEqual([...new Set(trials.map(({ block }) => block))], [10, 11, 12]);
    assert.deepEqual(new Set(trials.map(({ mode }) => mode)), new Set(['native', 'slow']));
    const longer = makePlan(experiment, 4, { blocks: 12 }).trials;
    assert.deepEqual(
      trials,
      longer.filter(({ block, mode }) => block > 9 && mode !== 'other'),
    );
  });

  it('make one plan with it, in which no trial is there twice', () => {
    const whole = wholePlan(experiment, plan, added);
    assert.equal(misfitOf(whole, experiment), undefined);
    assert.deepEqual(whole.trials.slice(0, plan.trials.length), plan.trials);
    assert.equal(whole.trials.length, plan.trials.length + 6);
    assert.equal(wholePlan(experiment, plan, null), plan);
  });
});
