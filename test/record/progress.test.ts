import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makePlan } from '../../src/plan/plan.ts';
import type { Outcome } from '../../src/record/event.ts';
import { pendingTrials, trialDurations } from '../../src/record/progress.ts';
import { recordOf } from '../../src/record/fold.ts';
import { Story, trialOf } from '../support/events.ts';
import { experimentWith } from '../support/experiment-text.ts';

const plan = makePlan(experimentWith('{ blocks: 2 }'));
const one = [{ metrics: { gflops: [5] } }];
const A = trialOf(1, 'native');
const B = trialOf(1, 'slow');
const failed: Outcome = { kind: 'failed', reason: 'no', transport: false };
const pending = (story: Story, retry = false) =>
  pendingTrials(plan, recordOf(story.events), retry).map(({ id }) => id);
const all = plan.trials.map(({ id }) => id);
const allBut = (...ids: string[]) => all.filter((id) => !ids.includes(id));

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

describe('the durations of trials', () => {
  it('are means of completed trials by mode and workload, each from the end of the one before', () => {
    const story = new Story().trial(A, [1]).trial(trialOf(2, 'native'), [1, 1, 1]).start(B).end(B, failed);
    assert.deepEqual([...trialDurations(plan, recordOf(story.events))], [['native/mmul', 3500]]);
  });

  it('leave out a trial that was interrupted, whose time includes that of nobody', () => {
    const story = new Story().start(A).sample(A, 0, one).start(A).end(A);
    assert.equal(trialDurations(plan, recordOf(story.events)).size, 0);
  });
});
