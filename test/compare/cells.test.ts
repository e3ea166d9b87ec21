/** What of a journal a cell holds. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cellsOf } from '../../src/compare/cells.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { Story, trialOf } from '../support/events.ts';
import { experimentWith } from '../support/experiment-text.ts';
import { recordOf } from '../../src/record/fold.ts';

describe('cells', () => {
  const experiment = experimentWith('{ blocks: 2 }');
  const plan = makePlan(experiment);
  const A = trialOf(1, 'native');
  const cells = (story: Story) => cellsOf(plan, recordOf(story.events));
  const values = (story: Story) =>
    cells(story).flatMap(({ cell }) => cell.trials.map((trial) => trial.values));
  const gave = (...gflops: number[]) => [{ metrics: { gflops } }];

  it('hold the samples of completed trials only', () => {
    const story = new Story();
    for (const [block, mode, kind] of [
      [1, 'native', 'failed'],
      [1, 'slow', 'void'],
      [2, 'native', 'aborted'],
    ] as const)
      story
        .start(trialOf(block, mode))
        .sample(trialOf(block, mode), 0, gave(1))
        .end(trialOf(block, mode), { kind, reason: 'x', transport: false });
    story.start(trialOf(2, 'slow')).sample(trialOf(2, 'slow'), 0, gave(2));
    assert.deepEqual(values(story), []);
    assert.deepEqual(values(story.end(trialOf(2, 'slow'))), [[2]]);
  });

  it('leave warm-ups out and keep the order of the samples, also of several in one run', () => {
    const story = new Story().start(A).sample(A, 0, gave(99), { warmup: true });
    story.sample(A, 0, gave(3, 1)).sample(A, 1, gave(2)).end(A);
    assert.deepEqual(values(story), [[3, 1, 2]]);
  });

  it('hold the last attempt of a trial alone, and when that began', () => {
    const story = new Story().start(A).sample(A, 0, gave(7)).end(A, { kind: 'void', reason: 'x' });
    story.start(A, 2).sample(A, 0, gave(8), { attempt: 2 }).end(A, { kind: 'completed' }, 2);
    assert.deepEqual(values(story), [[8]]);
    assert.equal(
      cells(story)[0]?.cell.trials[0]?.wall,
      story.events.findLast(({ type }) => type === 'trial-started')?.wall,
    );
  });

  it('of several guests add up what more is better of, take the mean of what less is, and keep each guest', () => {
    for (const [better, both] of [
      ['higher', [11, 22]],
      ['lower', [5.5, 11]],
    ] as const) {
      const story = new Story().start(A);
      for (const index of [0, 1])
        story.sample(A, index, [
          { target: 'one', better, metrics: { gflops: [1 * (index + 1)] } },
          { target: 'constructor', better, metrics: { gflops: [10 * (index + 1)] } },
        ]);
      const [found] = cells(story.end(A));
      assert.deepEqual(found?.cell.trials[0]?.values, both);
      assert.deepEqual(Object.entries(found.cell.trials[0].guests), [
        ['one', [1, 2]],
        ['constructor', [10, 20]],
      ]);
    }
  });

  it('name no guest where there is one, and have no metric that some guest lacks', () => {
    assert.deepEqual(cells(new Story().trial(A, [1]))[0]?.cell.trials[0]?.guests, {});
    const story = new Story().start(A);
    story.sample(A, 0, [
      { target: 'one', metrics: { gflops: [1], extra: [5] } },
      { target: 'two', metrics: { gflops: [2] } },
    ]);
    assert.deepEqual(
      cells(story.end(A)).map(({ cell }) => cell.metric),
      ['gflops'],
    );
  });

  it('have the mean of phases and crossings over all readings, whatever they are called', () => {
    const story = new Story().start(A);
    story.sample(A, 0, [
      { metrics: { gflops: [1] }, phases: { htod: 10, constructor: 4 }, crossings: { trap: 3 } },
    ]);
    story.sample(A, 1, [{ metrics: { gflops: [1] }, phases: { htod: 20 } }]).end(A);
    const [found] = cells(story);
    assert.deepEqual(Object.entries(found?.cell.phases ?? {}), [
      ['htod', 15],
      ['constructor', 2],
    ]);
    assert.deepEqual(found?.crossings, { trap: 1.5 });
  });

  it('have the time of a rate’s work by the program’s own phases, and by the guest’s clock where it tells none', () => {
    const work = (phases: Record<string, number>) =>
      cells(
        new Story()
          .start(A)
          .sample(A, 0, [{ metrics: { gflops: [1] }, phases }])
          .end(A),
      )[0]?.workNs;
    assert.equal(work({ htod: 10, launch: 4 }), 14);
    assert.ok((work({}) ?? 0) > 14);
  });
});
