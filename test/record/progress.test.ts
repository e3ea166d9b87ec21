import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makePlan } from '../../src/plan/plan.ts';
import type { Outcome } from '../../src/record/event.ts';
import { pendingTrials, progressOf, trialDurations } from '../../src/record/progress.ts';
import { Story, trialOf } from '../support/events.ts';
import { experimentWith } from '../support/experiment-text.ts';

const plan = makePlan(experimentWith('{ blocks: 2 }'));
const one = [{ metrics: { gflops: [5] } }];
const A = trialOf(1, 'native');
const B = trialOf(1, 'slow');
const failed: Outcome = { kind: 'failed', reason: 'no', transport: false };
const pending = (story: Story, retry = false) =>
  pendingTrials(plan, progressOf(story.events), retry).map(({ id }) => id);
const all = plan.trials.map(({ id }) => id);
const allBut = (...ids: string[]) => all.filter((id) => !ids.includes(id));

describe('progress, from the journal alone', () => {
  it('of a run that has not begun is nothing', () => {
    assert.deepEqual(progressOf([]), {
      token: undefined,
      directory: undefined,
      trials: new Map(),
      pendingUndo: [],
      spentMs: 0,
      ended: null,
    });
    assert.deepEqual(pending(new Story()), all);
  });

  it('knows the run’s token and directory, and why its last session ended', () => {
    const story = new Story().begin().add({ type: 'run-ended', reason: 'interrupted' });
    const { token, directory, ended } = progressOf(story.events);
    assert.deepEqual([token, directory, ended], ['f00d', '/exp', 'interrupted']);
    story.add({ type: 'run-resumed', versions: {}, pid: 8, retry: false });
    assert.equal(progressOf(story.events).ended, null);
  });

  it('knows what its sessions took, not counting the time between them', () => {
    const story = new Story().begin().start(A).sample(A, 0, one);
    const first = progressOf(story.events).spentMs;
    assert.ok(first > 0);
    story.add({ type: 'run-resumed', versions: {}, pid: 8, retry: false });
    assert.equal(progressOf(story.events).spentMs, first);
    assert.ok(progressOf(story.start(A).events).spentMs > first);
    story.add({ type: 'run-ended', reason: 'budget' });
    assert.equal(progressOf(story.events).spentMs, 0, 'who resumes then, wants to go on');
  });

  it('counts samples and not warm-ups', () => {
    const story = new Story().start(A);
    story.sample(A, 0, one, { warmup: true }).sample(A, 1, one, { warmup: true }).sample(A, 0, one);
    assert.equal(progressOf(story.events).trials.get(A)?.samples, 1);
    story.sample(A, 1, one).sample(A, 2, one);
    assert.deepEqual(progressOf(story.events).trials.get(A), {
      attempt: 1,
      samples: 3,
      sinceMs: 0,
      endedMs: null,
      outcome: null,
    });
  });

  it('of a killed session has its trial go on after the last sample, in the same attempt', () => {
    const story = new Story().begin().start(A).sample(A, 0, one).sample(A, 1, one);
    assert.deepEqual(pending(story), all);
    story.add({ type: 'run-resumed', versions: {}, pid: 8, retry: false }).start(A).sample(A, 2, one);
    assert.equal(progressOf(story.events).trials.get(A)?.samples, 3);
    assert.deepEqual(pending(story.end(A)), allBut(A));
  });

  it('begins anew with another attempt', () => {
    const story = new Story().start(A).sample(A, 0, one).sample(A, 1, one).end(A, failed).start(A, 2);
    const { attempt, samples, outcome } = progressOf(story.events).trials.get(A) ?? {};
    assert.deepEqual([attempt, samples, outcome], [2, 0, null]);
  });

  it('holds the end of a trial that never started, since its mode could not be entered', () => {
    const { trials } = progressOf(new Story().end(B, failed).events);
    assert.deepEqual(trials.get(B), { attempt: 1, samples: 0, sinceMs: null, endedMs: 0, outcome: failed });
  });
});

describe('the trials still to be run', () => {
  const story = new Story()
    .start(A)
    .end(A)
    .start(B)
    .end(B, { kind: 'timed-out', reason: 'slow', afterMs: 5 })
    .start(trialOf(2, 'native'))
    .end(trialOf(2, 'native'), { kind: 'aborted', reason: 'interrupted' })
    .start(trialOf(2, 'slow'))
    .end(trialOf(2, 'slow'), { kind: 'void', reason: 'no proof' });

  it('are those that never ended or were interrupted', () => {
    assert.deepEqual(pending(story), [trialOf(2, 'native')]);
  });

  it('are, when retrying, also those that gave no figure, in the order of the plan', () => {
    assert.deepEqual(pending(story, true), allBut(A));
  });
});

describe('undo scripts', () => {
  const planned = (story: Story, id: string) =>
    story.add({ type: 'undo-planned', id, mode: 'slow', undo: { target: 'bare', script: `undo ${id}` } });
  const ids = (story: Story) => progressOf(story.events).pendingUndo.map(({ id }) => id);

  it('are pending newest first, until they were run with success', () => {
    const story = new Story();
    for (const id of ['1', '2', '3']) planned(story, id);
    assert.deepEqual(ids(story), ['3', '2', '1']);
    story.add({ type: 'undone', id: '2', ok: true, output: '' });
    story.add({ type: 'undone', id: '3', ok: false, output: 'busy' });
    assert.deepEqual(ids(story), ['3', '1']);
    assert.deepEqual(progressOf(story.events).pendingUndo[0], { id: '3', target: 'bare', script: 'undo 3' });
  });
});

describe('the durations of trials', () => {
  it('are means of completed trials by mode and workload, each from the end of the one before', () => {
    const story = new Story().trial(A, [1]).trial(trialOf(2, 'native'), [1, 1, 1]).start(B).end(B, failed);
    assert.deepEqual([...trialDurations(plan, progressOf(story.events))], [['native/mmul', 3500]]);
  });

  it('leave out a trial that was interrupted, whose time includes that of nobody', () => {
    const story = new Story().start(A).sample(A, 0, one).start(A).end(A);
    assert.equal(trialDurations(plan, progressOf(story.events)).size, 0);
  });
});
