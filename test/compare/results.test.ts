/** The whole of what a run says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { resultsJsonSchema, resultsSchema } from '../../src/compare/results.ts';
import { type Run, Story, runOf, trialOf } from '../support/events.ts';
import { experimentWith } from '../support/experiment-text.ts';
import { recordOf } from '../../src/record/fold.ts';

const results = ({ experiment, plan, events }: Run) => resultsOf(experiment, plan, recordOf(events));

describe('the results', () => {
  const run = runOf([[8, 9], [7], [8]], [[4], [5, 4], [4]], { figures: { phases: { htod: 5 } } });

  it('are the same bytes each time', () => {
    assert.equal(JSON.stringify(results(run)), JSON.stringify(results(structuredClone(run))));
  });

  it('are made of a record that reads its events once', () => {
    let passes = 0;
    const once = {
      [Symbol.iterator]: () => {
        if (++passes > 1) throw new Error('a second pass over the events');
        return run.events[Symbol.iterator]();
      },
    };
    const found = resultsOf(run.experiment, run.plan, recordOf(once));
    assert.equal(JSON.stringify(found), JSON.stringify(results(run)));
  });

  it('are what their schema says, and are plain data', () => {
    const found = results(run);
    assert.deepEqual(resultsSchema.parse(JSON.parse(JSON.stringify(found))), found);
    assert.match(JSON.stringify(resultsJsonSchema()), /"comparisons"/);
  });

  it('count every planned trial once, and tell those without a figure', () => {
    const experiment = experimentWith('{ blocks: 3 }');
    const story = new Story().begin().trial(trialOf(1, 'native'), [1]);
    story
      .start(trialOf(1, 'slow'))
      .end(trialOf(1, 'slow'), { kind: 'failed', reason: 'broke', transport: true });
    story.end(trialOf(2, 'native'), { kind: 'timed-out', reason: 'slow', afterMs: 9 });
    story.end(trialOf(2, 'slow'), { kind: 'void', reason: 'no proof' });
    story.end(trialOf(3, 'native'), { kind: 'aborted', reason: 'interrupted' });
    const found = resultsOf(experiment, makePlan(experiment), recordOf(story.events));
    assert.deepEqual(found.trials, {
      planned: 6,
      completed: 1,
      failed: 1,
      'timed-out': 1,
      void: 1,
      pending: 2,
    });
    assert.deepEqual(found.unsuccessful.map(({ outcome }) => outcome.kind).sort(), [
      'aborted',
      'failed',
      'timed-out',
      'void',
    ]);
    assert.equal(found.endReason, null);
    assert.deepEqual(found.versions, { vgpubench: '1' });
    assert.equal(found.started, story.events[0]?.wall);
  });

  it('tell trials of a mode that was given up from those not run yet', () => {
    const experiment = experimentWith('{ blocks: 2 }');
    const story = new Story().begin().trial(trialOf(1, 'native'), [1]);
    for (const block of [1, 2]) story.end(trialOf(block, 'slow'), { kind: 'skipped', reason: 'given up' });
    const { trials, unsuccessful } = resultsOf(experiment, makePlan(experiment), recordOf(story.events));
    assert.deepEqual(trials, {
      ...{ planned: 4, completed: 1, failed: 0, 'timed-out': 0, void: 0 },
      ...{ pending: 1, skipped: 2 },
    });
    assert.deepEqual(
      unsuccessful.map(({ outcome }) => outcome.kind),
      ['skipped', 'skipped'],
    );
  });

  it('of a run without an event hold nothing and no error', () => {
    const found = results({ ...run, events: [] });
    assert.deepEqual([found.comparisons, found.cells, found.started, found.ended], [[], [], null, null]);
  });

  it('carry incidents, evidence, noise, counters and the last environment of each target', () => {
    const story = new Story();
    const ready = (shell: string) =>
      story.add({
        type: 'target-ready',
        target: 'bare',
        shell,
        scratch: '/tmp',
        clock: { source: 'date', tickNs: 1, monotonic: false },
        fingerprint: { os: 'x' },
      });
    ready('dash');
    ready('bash');
    story.attest(1, 'slow', false);
    story.add({ type: 'incident', kind: 'link', target: 'bare', trial: null, text: 'lost' });
    story.add({ type: 'counted', block: 1, mode: 'slow', target: 'bare', counters: { trap: 3 } });
    story.add({
      type: 'noise',
      block: 1,
      mode: 'slow',
      target: 'bare',
      load1: 1,
      stealShare: 0.1,
      throttled: null,
    });
    const found = results({ ...run, events: story.events });
    assert.deepEqual(
      found.environment.map(({ shell }) => shell),
      ['bash'],
    );
    assert.deepEqual(found.incidents[0]?.text, 'lost');
    assert.deepEqual(found.counters[0]?.counters, { trap: 3 });
    assert.equal(found.noise[0]?.stealShare, 0.1);
    assert.deepEqual(
      found.attestations.map(({ ok }) => ok),
      [false, false],
    );
  });
});
