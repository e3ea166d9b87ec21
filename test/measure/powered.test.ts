import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pendingTrials } from '../../src/record/progress.ts';
import { FakeTarget } from '../support/fake-target.ts';
import { experimentOf, session } from '../support/session.ts';

describe('a mode whose guests are powered', () => {
  const experiment = experimentOf({
    design: '{ blocks: 1, samples: 1 }',
    modes: `
  native: { use: native, on: bare, hypervisor: allowed }
  mine: { use: custom, on: guest, power: { start: start guest, destroy: destroy guest } }`,
  });

  it('starts one that does not answer, and gives it time to boot', async () => {
    const [bare, guest] = [new FakeTarget('bare'), new FakeTarget('guest')];
    guest.gone = true;
    bare.answer = (script) => {
      if (script === 'start guest') setTimeout(() => (guest.gone = false), 100);
      return {};
    };
    const { ended, record } = await session({ experiment, bare, guest });
    assert.equal(ended, 'completed');
    assert.deepEqual(
      record.powers.map(({ target, action, ok }) => [target, action, ok]),
      [
        ['guest', 'destroy', true],
        ['guest', 'start', true],
      ],
    );
    assert.deepEqual(
      [...record.trials.values()].map(({ outcome }) => outcome?.kind),
      ['completed', 'completed', 'completed', 'completed'],
    );
    assert.ok(record.incidents.some(({ kind, text }) => kind === 'recovery' && text.includes('guest')));
  });

  it('leaves its trials to be run where the user does not wait for its boot', async () => {
    const [bare, guest, user] = [new FakeTarget('bare'), new FakeTarget('guest'), new AbortController()];
    guest.gone = true;
    bare.answer = (script) => {
      if (script === 'start guest') setTimeout(user.abort.bind(user), 20);
      return {};
    };
    const { ended, record, plan } = await session({ experiment, bare, guest, interrupt: user.signal });
    assert.equal(ended, 'interrupted');
    const left = pendingTrials(plan, record, false).map(({ mode }) => mode);
    assert.deepEqual([...new Set(left)].sort(), left.includes('native') ? ['mine', 'native'] : ['mine']);
    assert.equal(left.filter((mode) => mode === 'mine').length, 2);
  });

  it('is quarantined where its guest is lost again at each boot, in two blocks', async () => {
    const [bare, guest] = [new FakeTarget('bare'), new FakeTarget('guest')];
    guest.facts = () => Promise.reject(guest.lost('no connection'));
    const three = { ...experiment, design: { ...experiment.design, blocks: 3 } };
    const { ended, record } = await session({ experiment: three, bare, guest });
    assert.equal(ended, 'completed');
    const mine = [...record.trials].flatMap(([id, { outcome }]) =>
      id.includes('.mine.') ? outcome?.kind : [],
    );
    assert.deepEqual(mine, ['failed', 'failed', 'failed', 'failed', 'skipped', 'skipped']);
    assert.deepEqual([...record.quarantined.keys()], ['mine']);
  });

  it('does not start one that answers', async () => {
    const { record } = await session({ experiment });
    assert.deepEqual(record.powers, []);
  });
});
