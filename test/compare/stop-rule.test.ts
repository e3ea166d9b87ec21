import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settled } from '../../src/compare/compare.ts';
import { standingOf } from '../../src/compare/stop-rule.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { skewness } from '../../src/statistics/moments.ts';
import { draws } from '../statistics/draws.ts';
import { simulatedRun } from './simulated-run.ts';
import { recordOf } from '../../src/record/fold.ts';
import { testStopping } from './stopping.ts';

describe('a run that stops on precision, in 200 runs', () => {
  testStopping(200);
});

describe('the standing of a cell', () => {
  const quiet = (n: number) =>
    draws(
      n,
      (() => {
        let i = 0;
        return () => (i++ % 2 === 0 ? 0.001 : -0.001);
      })(),
    );

  it('is open below twelve blocks, however narrow', () => {
    assert.equal(standingOf(quiet(11), 0.1, 0.95), 'open');
    assert.equal(standingOf(quiet(12), 0.1, 0.95), 'precise');
  });

  it('is open while blocks are too few for how skewed they are', () => {
    const skewed = (n: number) =>
      draws(
        n,
        (() => {
          let i = 0;
          return () => (i++ % 12 === 5 ? 0.03 : 0);
        })(),
      );
    // One block in twelve in another state: a skewness of 3 and more, which takes some 250 blocks.
    assert.ok(skewness(skewed(60)) > 2.5);
    assert.equal(standingOf(skewed(60), 0.1, 0.95), 'open');
    assert.equal(standingOf(skewed(600), 0.1, 0.95), 'precise');
  });

  it('is a plateau where the second half narrowed nothing', () => {
    const drifting = draws(
      30,
      (() => {
        let i = 0;
        return () => 0.01 * i++;
      })(),
    );
    assert.equal(standingOf(drifting, 0.001, 0.95), 'plateau');
    assert.equal(standingOf(drifting.subarray(0, 23), 0.001, 0.95), 'open');
    assert.equal(standingOf(quiet(30), 0.0001, 0.95), 'open');
  });
});

describe('what is settled', () => {
  const workloads = ['quiet', 'noisy']
    .map(
      (name) =>
        `  - { use: command, name: ${name}, run: ./w, metric: { name: time, field: t, unit: ms, better: lower } }`,
    )
    .join('\n');
  const value = ({ workload }: PlannedTrial, _: number, noise: number) =>
    100 * Math.exp((workload === 'noisy' ? 0.1 : 0.001) * noise);
  const run = (design: string) => {
    const { experiment, plan, events } = simulatedRun({ workloads, value, design });
    return settled(experiment, plan, recordOf(events));
  };

  it('is each cell for itself, and the baseline’s only with the last of them', () => {
    const { reason, skip } = run('{ blocks: 14, samples: 1, warmup: 0, precision: 1% }');
    assert.equal(reason, null);
    const skipped = ['native', 'slow'].map((mode) =>
      ['quiet', 'noisy'].map((workload) => skip({ mode, workload })),
    );
    assert.deepEqual(skipped, [
      [true, false],
      [true, false],
    ]);
  });

  it('is a plateau where the step of the figures leaves more open than was asked for, and precise where less', () => {
    const stepped = (precision: string) => {
      const { experiment, plan, events } = simulatedRun({
        value: ({ mode }) => (mode === 'slow' ? 101 : 100),
        design: `{ blocks: 14, samples: 4, warmup: 0, precision: ${precision} }`,
      });
      return settled(experiment, plan, recordOf(events)).reason;
    };
    // One step in each arm: the ratio is known to 2%, however many blocks there are.
    assert.deepEqual(['0.5%', '5%'].map(stepped), ['plateau', 'precision']);
  });

  it('is everything where all cells are, and nothing without design.precision', () => {
    assert.equal(run('{ blocks: 14, samples: 1, warmup: 0, precision: 50% }').reason, 'precision');
    const open = run('{ blocks: 14, samples: 1, warmup: 0 }');
    assert.deepEqual([open.reason, open.skip({ mode: 'slow', workload: 'quiet' })], [null, false]);
  });
});
