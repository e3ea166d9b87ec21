import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { recordOf } from '../../src/record/fold.ts';
import { Story, runOf } from '../support/events.ts';

/** What is said of sessions that each tell these boots of the target g1, in order, and how it is reached. */
function warned(...sessions: readonly { boots: readonly string[]; ssh?: string }[]): string[] {
  const { experiment, plan } = runOf([[5]], [[5]]);
  const story = new Story();
  for (const [index, { boots, ssh }] of sessions.entries()) {
    const opening = { versions: {}, pid: 1, ...(ssh === undefined ? {} : { ssh: { g1: ssh } }) };
    if (index === 0) story.add({ type: 'run-started', token: 't', directory: '/', ...opening });
    else story.add({ type: 'run-resumed', retry: false, ...opening });
    for (const boot of boots)
      story.add({
        type: 'target-ready',
        target: 'g1',
        shell: 'sh',
        clock: { source: 'date', tickNs: 1, monotonic: true },
        scratch: '/tmp',
        fingerprint: { boot },
      });
  }
  return resultsOf(experiment, plan, recordOf(story.events))
    .warnings.filter(({ code }) => ['boots-between-sessions', 'ssh-config-changed'].includes(code))
    .map(({ code, text }) => `${code}: ${text}`);
}

describe('a run that was resumed', () => {
  it('in another boot of a machine is weaker evidence, and says so', () => {
    const [text = '', ...more] = warned({ boots: ['one'] }, { boots: ['two'] });
    assert.match(text, /^boots-between-sessions: g1: rebooted between the sessions .*without interruption$/);
    assert.deepEqual(more, []);
  });

  it('in the same boot, or on a target that each session boots anew, is not', () => {
    assert.deepEqual(warned({ boots: ['one'] }, { boots: ['one'] }), []);
    assert.deepEqual(warned({ boots: ['one', 'two'] }, { boots: ['three'] }), []);
    assert.deepEqual(warned({ boots: [''] }, { boots: ['one'] }), []);
    assert.deepEqual(warned({ boots: ['one', 'two'] }), []);
  });

  it('over another way to a target says so, where both sessions tell', () => {
    const [text = '', ...more] = warned({ boots: [], ssh: 'aa' }, { boots: [] }, { boots: [], ssh: 'bb' });
    assert.match(text, /^ssh-config-changed: g1: the ssh configuration of the address/);
    assert.deepEqual(more, []);
    assert.deepEqual(warned({ boots: [], ssh: 'aa' }, { boots: [], ssh: 'aa' }, { boots: [] }), []);
  });
});
