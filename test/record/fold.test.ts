import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventBody, Outcome } from '../../src/record/event.ts';
import { fold, recordOf } from '../../src/record/fold.ts';
import { emptyRecord } from '../../src/record/run-record.ts';
import { Story, trialOf } from '../support/events.ts';

const one = [{ metrics: { gflops: [5] } }];
const A = trialOf(1, 'native');
const B = trialOf(1, 'slow');
const failed: Outcome = { kind: 'failed', reason: 'no', transport: false };
const resumed = { type: 'run-resumed', versions: { vgpubench: '2' }, pid: 8, retry: false } as const;
const trialIn = (story: Story, id = A) => recordOf(story.events).trials.get(id);

describe('the record of a run', () => {
  it('that has not begun is empty', () => {
    assert.deepEqual(recordOf([]), emptyRecord());
  });

  it('is made in one pass over the events', () => {
    let passes = 0;
    const events = {
      [Symbol.iterator]: () => {
        if (++passes > 1) throw new Error('a second pass');
        return new Story().begin().trial(A, [1, 2]).events[Symbol.iterator]();
      },
    };
    assert.equal(recordOf(events).trials.get(A)?.table.samples, 2);
  });

  it('knows the run’s token and directory, its sessions, and why the newest of them ended', () => {
    const story = new Story().begin().add({ type: 'run-ended', reason: 'interrupted' });
    const { token, directory, endReason } = recordOf(story.events);
    assert.deepEqual([token, directory, endReason], ['f00d', '/exp', 'interrupted']);
    const { sessions, endReason: open } = recordOf(story.add(resumed).events);
    assert.equal(open, null);
    assert.deepEqual(
      sessions.map(({ pid, versions }) => [pid, versions['vgpubench']]),
      [
        [7, '1'],
        [8, '2'],
      ],
    );
  });

  it('knows what its sessions took, not counting the time between them', () => {
    const story = new Story().begin().start(A).sample(A, 0, one);
    const first = recordOf(story.events).spentMs;
    assert.ok(first > 0);
    assert.equal(recordOf(story.add(resumed).events).spentMs, first);
    assert.ok(recordOf(story.start(A).events).spentMs > first);
    story.add({ type: 'run-ended', reason: 'budget' });
    assert.equal(recordOf(story.events).spentMs, 0, 'who resumes then, wants to go on');
  });

  it('has no trial of a stay that was not attested after it, whether or not each was told to be void', () => {
    const attested = (when: 'before' | 'after', ok: boolean) =>
      ({ type: 'attested', block: 1, mode: 'native', when, ok, findings: [] }) satisfies EventBody;
    const story = new Story().begin().add(attested('before', true)).trial(A, [1, 2]);
    // The session was cut off here: there was no room for trial-voided.
    story.add(attested('after', false)).add(resumed);
    assert.equal(trialIn(story)?.outcome?.kind, 'void');
    const again = new Story().begin().add(attested('before', true)).trial(A, [1, 2]);
    again.add(attested('after', true)).add(attested('before', true)).add(attested('after', false));
    assert.equal(trialIn(again)?.outcome?.kind, 'completed', 'of an earlier stay, which was');
  });

  it('has a trial of a stay that was cut off before it was attested again in no figure, and begins it anew', () => {
    const attested = (when: 'before' | 'after') =>
      ({ type: 'attested', block: 1, mode: 'native', when, ok: true, findings: [] }) satisfies EventBody;
    const story = new Story().begin().add(attested('before')).trial(A, [1, 2]);
    const live = story.events.reduce(fold, emptyRecord());
    assert.equal(live.trials.get(A)?.outcome?.kind, 'completed', 'as long as the session goes on');
    for (const cutOff of [story, story.add(resumed)]) {
      const { outcome, unproved } = trialIn(cutOff) ?? {};
      assert.deepEqual(outcome, {
        kind: 'aborted',
        reason: 'the session ended before its mode was attested after it',
      });
      assert.equal(unproved, true);
    }
    story
      .add(attested('before'))
      .start(A, 2)
      .sample(A, 0, one, { attempt: 2 })
      .end(A, { kind: 'completed' }, 2);
    story.add(attested('after'));
    const { outcome, unproved, attempt } = trialIn(story) ?? {};
    assert.deepEqual([outcome?.kind, unproved, attempt], ['completed', undefined, 2]);
  });

  it('counts samples and not warm-ups', () => {
    const story = new Story().start(A);
    story.sample(A, 0, one, { warmup: true }).sample(A, 1, one, { warmup: true }).sample(A, 0, one);
    assert.equal(trialIn(story)?.samplesDone, 1);
    story.sample(A, 1, one).sample(A, 2, one);
    const { attempt, samplesDone, sinceMs, endedMs, outcome, table } = trialIn(story) ?? {};
    assert.deepEqual([attempt, samplesDone, sinceMs, endedMs, outcome], [1, 3, 0, null, null]);
    assert.equal(table?.samples, 5);
  });

  it('has a trial of a killed session go on after its last sample, in the same attempt', () => {
    const story = new Story().begin().start(A).sample(A, 0, one).sample(A, 1, one);
    story.add(resumed).start(A).sample(A, 2, one);
    const { samplesDone, sinceMs, pace } = trialIn(story) ?? {};
    assert.deepEqual([samplesDone, sinceMs, pace?.samples], [3, null, 1]);
  });

  it('begins anew with another attempt, which comes last', () => {
    const story = new Story().start(A).sample(A, 0, one).sample(A, 1, one).end(A, failed);
    const { attempt, samplesDone, outcome } = trialIn(story.trial(B, [1]).start(A, 2)) ?? {};
    assert.deepEqual([attempt, samplesDone, outcome], [2, 0, null]);
    assert.deepEqual([...recordOf(story.events).trials.keys()], [B, A]);
  });

  it('keeps samples of the newest attempt alone', () => {
    const story = new Story().start(A).sample(A, 0, one).end(A, failed).start(A, 2);
    story.sample(A, 1, one).sample(A, 0, one, { attempt: 2 });
    assert.equal(trialIn(story)?.table.samples, 1);
  });

  it('tells of a trial when its newest attempt began', () => {
    const story = new Story().start(A).end(A, failed).start(A, 2).end(A, failed, 2);
    const starts = story.events.filter(({ type }) => type === 'trial-started');
    assert.notEqual(starts[0]?.wall, starts[1]?.wall);
    assert.equal(trialIn(story)?.startedWall, starts[1]?.wall);
  });

  it('holds the end of a trial that never started, since its mode could not be entered', () => {
    const { attempt, samplesDone, sinceMs, endedMs, startedWall, outcome } =
      trialIn(new Story().end(B, failed), B) ?? {};
    assert.deepEqual(
      [attempt, samplesDone, sinceMs, endedMs, startedWall, outcome],
      [1, 0, null, 0, null, failed],
    );
  });

  it('has a completed trial that is voided later be void, whatever else is voided', () => {
    const story = new Story().trial(A, [1]).trial(B, [1]);
    story.add({ type: 'trial-voided', trial: A, attempt: 1, reason: 'no proof' });
    story.add({ type: 'trial-voided', trial: B, attempt: 2, reason: 'of another attempt' });
    assert.deepEqual(trialIn(story)?.outcome, { kind: 'void', reason: 'no proof' });
    assert.deepEqual(trialIn(story, B)?.outcome, { kind: 'completed' });
  });

  it('has trials keep the boots that they ran in, as targets boot anew', () => {
    const ready = (boot: string) =>
      ({
        type: 'target-ready',
        target: 'bare',
        shell: 'sh',
        clock: { source: 'date', tickNs: 1, monotonic: true },
        scratch: '/dev/shm',
        fingerprint: { boot },
      }) as const;
    const story = new Story().add(ready('one')).trial(A, [1]).add(ready('two')).trial(B, [1]);
    assert.deepEqual(
      [A, B].map((id) => trialIn(story, id)?.boots.get('bare')),
      ['one', 'two'],
    );
    assert.equal(recordOf(story.events).targets.get('bare')?.scratch, '/dev/shm');
  });

  it('has a visit for each stay in a mode, with its evidence', () => {
    const noise = {
      type: 'noise',
      block: 1,
      mode: 'slow',
      target: 'b',
      load1: 1,
      stealShare: 0,
      throttled: null,
    };
    const story = new Story()
      .attest(1, 'native')
      .attest(1, 'slow')
      .add(noise as never)
      .attest(1, 'slow');
    story.add({ type: 'counted', block: 1, mode: 'slow', target: 'b', counters: { trap: 3 } });
    assert.deepEqual(
      recordOf(story.events).visits.map(({ mode, attestations, noise: heard, counters }) => [
        mode,
        attestations.length,
        heard.length,
        counters.length,
      ]),
      [
        ['native', 2, 0, 0],
        ['slow', 2, 1, 0],
        ['slow', 2, 0, 1],
      ],
    );
  });

  it('knows which guests were started and stopped', () => {
    const power = { target: 'g', action: 'start', ok: false, tookMs: 5, output: 'panic' } as const;
    const { powers } = recordOf(new Story().add({ type: 'power', ...power }).events);
    assert.deepEqual(powers, [{ wall: '2026-01-02T03:04:00.000Z', ...power }]);
  });
});

describe('undo scripts in a record', () => {
  const planned = (story: Story, id: string) =>
    story.add({ type: 'undo-planned', id, mode: 'slow', undo: { target: 'bare', script: `undo ${id}` } });
  const ids = (story: Story) => [...recordOf(story.events).pendingUndo.keys()];

  it('are pending, oldest first, until they were run with success', () => {
    const story = new Story();
    for (const id of ['1', '2', '3']) planned(story, id);
    assert.deepEqual(ids(story), ['1', '2', '3']);
    story.add({ type: 'undone', id: '2', ok: true, output: '' });
    story.add({ type: 'undone', id: '3', ok: false, output: 'busy' });
    assert.deepEqual(ids(story), ['1', '3']);
    assert.deepEqual(recordOf(story.events).pendingUndo.get('3'), {
      id: '3',
      target: 'bare',
      script: 'undo 3',
    });
  });
});
