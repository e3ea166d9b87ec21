import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseExperiment } from '../../src/experiment/load.ts';
import { shardOf } from '../../src/experiment/shard.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { EXPERIMENT, experimentWith } from '../support/experiment-text.ts';
import { problemOf } from '../support/problem.ts';

describe('a plan in shards', () => {
  const experiment = experimentWith('{ blocks: 11, seed: 3 }');
  const whole = makePlan(experiment);

  it('has the blocks i, i + n, i + 2n of the whole plan, trial by trial', () => {
    const plan = makePlan(experiment, 3, { shard: { index: 2, of: 4 } });
    assert.deepEqual([...new Set(plan.trials.map(({ block }) => block))], [2, 6, 10]);
    assert.deepEqual(
      plan.trials,
      whole.trials.filter(({ block }) => [2, 6, 10].includes(block)),
    );
    assert.deepEqual([plan.blocks, plan.shard], [11, { index: 2, of: 4 }]);
  });

  it('has each trial in one shard and no other, however many there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 11 }), (of) => {
        const shards = Array.from({ length: of }, (_, at) =>
          makePlan(experiment, 3, { shard: { index: at + 1, of } }),
        );
        const ids = shards.flatMap(({ trials }) => trials.map(({ id }) => id));
        assert.deepEqual(ids.toSorted(), whole.trials.map(({ id }) => id).toSorted());
        for (const { shard, trials } of shards)
          assert.ok(trials.every(({ block }) => shardOf(block, of) === shard?.index));
      }),
    );
  });

  it('is refused where a shard would have no block, or could not know by itself what to run', () => {
    const refused = (design: string, of = 2) =>
      problemOf(() => makePlan(experimentWith(design), 1, { shard: { index: 1, of } }));
    assert.match(refused('{ blocks: 3 }', 4).expected ?? '', /^at most 3 shards/);
    const precise = refused('{ blocks: 30, precision: 2.5% }');
    assert.deepEqual([precise.code, precise.found], ['VGB-SHARD', 'precision: 2.5%']);
    assert.equal(refused('{ blocks: 3, pilot: true }').found, 'pilot: true');
    assert.doesNotThrow(() => makePlan(parseExperiment(EXPERIMENT, 'e.yaml')));
  });
});
