import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Experiment } from '../../src/experiment/schema.ts';
import { cellKey, estimate } from '../../src/plan/estimate.ts';
import { type PlannedTrial, makePlan, visits } from '../../src/plan/plan.ts';
import { experimentWith } from '../support/experiment-text.ts';

/** An experiment of any shape: so many modes, workloads and blocks. */
function shaped(modes: number, workloads: number, blocks: number): Experiment {
  const base = experimentWith(`{ blocks: ${blocks} }`);
  const [workload] = base.workloads;
  const native = base.modes['native'];
  assert.ok(workload && native);
  return {
    ...base,
    modes: Object.fromEntries(Array.from({ length: modes }, (_, i) => [`mode${i}`, native])),
    workloads: Array.from({ length: workloads }, (_, i) => ({ ...workload, name: `work${i}` })),
  };
}

const shape = fc.record({
  modes: fc.integer({ min: 1, max: 6 }),
  workloads: fc.integer({ min: 1, max: 5 }),
  blocks: fc.integer({ min: 1, max: 12 }),
  seed: fc.nat(4294967295),
});

const text = (experiment: Experiment, seed?: number) => JSON.stringify(makePlan(experiment, seed));
const names = (count: number, word: string) => Array.from({ length: count }, (_, i) => `${word}${i}`);

describe('the plan', () => {
  it('is the same bytes for the same experiment and seed', () => {
    fc.assert(
      fc.property(shape, ({ modes, workloads, blocks, seed }) => {
        const again = () => text(shaped(modes, workloads, blocks), seed);
        return again() === again();
      }),
      { numRuns: 50 },
    );
  });

  it('is of another order for another seed', () => {
    const experiment = shaped(4, 3, 5);
    const plans = new Set(
      names(20, '').map((seed) => JSON.stringify(makePlan(experiment, Number(seed)).trials)),
    );
    assert.equal(plans.size, 20);
  });

  it('takes the seed of the experiment where none is given', () => {
    const experiment = experimentWith('{ blocks: 6, seed: 77 }');
    assert.equal(makePlan(experiment).seed, 77);
    assert.equal(text(experiment), text(experiment, 77));
  });

  it('has every mode once in every block, in one stay, and every workload once in it', () => {
    fc.assert(
      fc.property(shape, ({ modes, workloads, blocks, seed }) => {
        const { trials } = makePlan(shaped(modes, workloads, blocks), seed);
        const stays = visits(trials);
        assert.equal(stays.length, modes * blocks);
        for (let block = 1; block <= blocks; block++) {
          const own = stays.filter((stay) => stay.block === block);
          assert.deepEqual(own.map(({ mode }) => mode).sort(), names(modes, 'mode'));
          for (const stay of own)
            assert.deepEqual(stay.trials.map(({ workload }) => workload).sort(), names(workloads, 'work'));
        }
        assert.deepEqual(
          trials.map(({ block }) => block),
          trials.map(({ block }) => block).sort((a, b) => a - b),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('gives each mode each place about equally often', () => {
    const { trials } = makePlan(shaped(3, 1, 3000), 5);
    for (const mode of names(3, 'mode')) {
      const first = visits(trials).filter((stay, index) => index % 3 === 0 && stay.mode === mode).length;
      assert.ok(Math.abs(first - 1000) < 120, `${mode} is first in ${first} of 3000 blocks`);
    }
  });

  it('keeps the order of the first blocks when blocks are added', () => {
    const order = (blocks: number) =>
      makePlan(shaped(4, 3, blocks), 3).trials.map(({ mode, workload }) => `${mode}/${workload}`);
    assert.deepEqual(order(9).slice(0, 4 * 4 * 3), order(4));
  });

  it('names each trial once, readably, with the targets that run it', () => {
    const { trials } = makePlan(shaped(2, 2, 12), 1);
    assert.equal(new Set(trials.map(({ id }) => id)).size, trials.length);
    const [first] = trials;
    assert.match(first?.id ?? '', /^b01\.mode[01]\.work[01]$/);
    assert.match(trials.at(-1)?.id ?? '', /^b12\./);
    assert.deepEqual(first?.targets, ['bare']);
  });

  it('holds nothing but data', () => {
    const plan = makePlan(experimentWith('{ blocks: 2 }'));
    assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
    assert.deepEqual([plan.format, plan.experiment, plan.baseline, plan.blocks], [1, 'demo', 'native', 2]);
  });
});

describe('visits', () => {
  const trial = (block: number, mode: string, workload: string): PlannedTrial => ({
    id: `b${block}.${mode}.${workload}`,
    block,
    mode,
    workload,
    targets: ['t'],
  });

  it('are cut where the block or the mode changes, and keep the order', () => {
    const trials = [trial(1, 'a', 'x'), trial(1, 'a', 'y'), trial(1, 'b', 'x'), trial(2, 'b', 'x')];
    assert.deepEqual(
      visits(trials).map(({ block, mode, trials: own }) => [block, mode, own.length]),
      [
        [1, 'a', 2],
        [1, 'b', 1],
        [2, 'b', 1],
      ],
    );
    assert.deepEqual(
      visits(trials).flatMap((visit) => visit.trials),
      trials,
    );
  });

  it('of no trials are none', () => {
    assert.deepEqual(visits([]), []);
  });
});

describe('the estimate', () => {
  const experiment = experimentWith('{ blocks: 3 }');
  const { trials } = makePlan(experiment);

  it('knows nothing before the first trial but the worst case', () => {
    assert.deepEqual(estimate(experiment, trials, new Map()), {
      expectedMs: null,
      worstMs: 6 * 120_000,
      known: 0,
      trials: 6,
    });
  });

  it('takes for a mode not yet seen what the workload took in the others', () => {
    const known = new Map([['native/mmul', 1000]]);
    assert.equal(estimate(experiment, trials, known).expectedMs, 6000);
    assert.equal(estimate(experiment, trials, new Map([...known, ['slow/mmul', 3000]])).expectedMs, 12_000);
  });

  it('is null while some workload was never run', () => {
    const two: Experiment = {
      ...experiment,
      workloads: experiment.workloads.flatMap((one) => [one, { ...one, name: 'other', timeout: 5000 }]),
    };
    const known = new Map([['native/mmul', 1000]]);
    const found = estimate(two, makePlan(two).trials, known);
    assert.deepEqual(found, { expectedMs: null, worstMs: 6 * 120_000 + 6 * 5000, known: 6, trials: 12 });
  });

  it('finds a cell by mode and workload', () => {
    assert.equal(cellKey({ mode: 'native', workload: 'mmul' }), 'native/mmul');
  });
});
