/** Sessions of which nothing can come, by what is known before their first trial. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SessionWork } from '../../src/measure/session.ts';
import { FakeTarget } from '../support/fake-target.ts';
import { experimentOf, session } from '../support/session.ts';

describe('a session', () => {
  const MINE =
    '\n  native: { use: native, on: bare, hypervisor: allowed }\n  mine: { use: native, on: guest, hypervisor: allowed }';
  /** A target that lacks these programs. */
  function without(name: string, ...programs: string[]): FakeTarget {
    const target = new FakeTarget(name);
    target.absent = programs;
    return target;
  }
  const run = (parts: Partial<SessionWork> & { bare?: FakeTarget; guest?: FakeTarget }) =>
    session({ experiment: experimentOf({ modes: MINE }), ...parts });

  it('ends before its first trial where no workload can be run in any mode, and says why', async () => {
    const parts = { bare: without('bare', './one', './two'), guest: without('guest', './one', './two') };
    const { ended, started } = await run(parts);
    assert.equal(ended, 'none of the 8 trials to run can give a figure');
    assert.deepEqual(started, []);
  });

  it('begins all the same where it is to keep going', async () => {
    const { ended, started } = await run({ bare: without('bare', './one', './two'), keepGoing: true });
    assert.equal(ended, 'completed');
    assert.equal(started.length, 8);
  });

  it('ends before its first trial where one target does not answer, and the other lacks the workloads', async () => {
    const bare = new FakeTarget('bare');
    bare.gone = true;
    const { ended, started } = await run({ bare, guest: without('guest', './one', './two') });
    assert.match(ended, /can give a figure/);
    assert.deepEqual(started, []);
  });

  it('goes on where one workload can be run in one mode', async () => {
    const bare = new FakeTarget('bare');
    bare.gone = true;
    assert.equal((await run({ bare, guest: without('guest', './one') })).ended, 'completed');
  });

  it('goes on where a link is lost just as it is asked what is there', async () => {
    const [bare, guest] = [without('bare', './one', './two'), new FakeTarget('guest')];
    const run = guest.run.bind(guest);
    let cut = false;
    guest.run = (script) => {
      if (cut || !script.startsWith('( command -v ')) return run(script);
      cut = true;
      return Promise.reject(guest.lost('the link was cut'));
    };
    assert.equal(
      (await session({ experiment: experimentOf({ modes: MINE }), bare, guest })).ended,
      'completed',
    );
    assert.ok(cut);
  });

  it('goes on where a guest does not answer that its host can start', async () => {
    const [bare, guest] = [without('bare', './one', './two'), new FakeTarget('guest')];
    guest.gone = true;
    bare.answer = (script) => {
      if (script.includes('begin guest')) guest.gone = false;
      return {};
    };
    const power = 'start: begin guest, shutdown: stop, destroy: end, status: status';
    const { ended, record } = await session({
      experiment: experimentOf({ modes: MINE, power }),
      bare,
      guest,
    });
    assert.equal(ended, 'completed');
    const outcomes = [...record.trials]
      .filter(([id]) => id.includes('mine'))
      .map(([, { outcome }]) => outcome?.kind);
    assert.deepEqual(new Set(outcomes), new Set(['completed']));
  });
});
