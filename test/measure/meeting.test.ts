/** How a session meets its targets, and what becomes of those that don't answer. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeTarget } from '../support/fake-target.ts';
import { experimentOf, session } from '../support/session.ts';

describe('a session that meets its targets', () => {
  it('writes down each target once, and one that can’t be reached costs its own trials only', async () => {
    const guest = new FakeTarget('guest');
    guest.gone = true;
    const { ended, events, record } = await session({ guest });
    assert.equal(ended, 'completed');
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'target-ready' ? event.target : [])),
      ['bare'],
    );
    assert.ok(
      events.some((event) => event.type === 'incident' && event.kind === 'link' && event.target === 'guest'),
    );
    for (const [id, { outcome }] of record.trials)
      assert.equal(outcome?.kind, id.includes('.mine.') ? 'failed' : 'completed', id);
    assert.equal(record.trials.size, 8);
  });

  it('tries one that can’t be reached once a block, and fails its visits in between at once', async () => {
    const guest = new FakeTarget('guest');
    guest.gone = true;
    const { plan } = await session({ guest });
    const blocks = new Set(plan.trials.map(({ block }) => block)).size;
    assert.equal(guest.asked.filter((step) => step === 'reconnect').length, blocks);
  });

  it('ends before it begins where no target answers, and says how to look', async () => {
    const [bare, guest] = [new FakeTarget('bare'), new FakeTarget('guest')];
    bare.gone = guest.gone = true;
    const { ended, events, started } = await session({ bare, guest });
    assert.equal(ended, 'none of the 2 targets answers');
    assert.deepEqual(started, []);
    assert.deepEqual(events.at(-1), { ...events.at(-1), type: 'run-ended', reason: 'failed' });
  });

  it('refuses two targets that are one machine, unless the experiment allows it', async () => {
    const twins = () => {
      const [bare, guest] = [new FakeTarget('bare'), new FakeTarget('guest')];
      bare.boot = guest.boot = 'b0071d';
      return { bare, guest };
    };
    const { ended, started } = await session(twins());
    assert.deepEqual([ended, started], ['targets bare and guest are the same machine', []]);
    const experiment = { ...experimentOf(), 'same-machine': 'allowed' } as const;
    assert.equal((await session({ ...twins(), experiment })).ended, 'completed');
    const silent = twins();
    silent.bare.boot = silent.guest.boot = '';
    assert.equal((await session(silent)).ended, 'completed', 'a guest that does not tell may be any');
  });
});
