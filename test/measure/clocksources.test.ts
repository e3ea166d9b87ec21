import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunRecord } from '../../src/record/run-record.ts';
import { FakeTarget } from '../support/fake-target.ts';
import { experimentOf, session } from '../support/session.ts';

const outcomesOf = ({ trials }: RunRecord, mode: string) =>
  [...trials].flatMap(([id, { outcome }]) => (id.includes(`.${mode}.`) ? [outcome] : []));

/** Changes the clock of one of the two while the guest runs its second trial. */
function changing(which: 'bare' | 'guest', to = 'hpet') {
  const targets = { bare: new FakeTarget('bare'), guest: new FakeTarget('guest') };
  let runs = 0;
  targets.guest.program = () => {
    if (++runs === 3) targets[which].clocksource = to;
    return 'speed: 42\n';
  };
  return targets;
}

describe('a clocksource that changes during a run', () => {
  for (const which of ['bare', 'guest'] as const)
    it(`of a ${which === 'bare' ? 'host' : 'guest'} voids what it touched, and all that follows on that machine`, async () => {
      const experiment = experimentOf({ design: '{ blocks: 2, warmup: 0, samples: 2 }' });
      const { record, guest } = await session({ experiment, ...changing(which) });
      const mine = outcomesOf(record, 'mine');
      assert.deepEqual(
        mine.map((outcome) => outcome?.kind),
        ['void', 'void', 'void', 'void'],
      );
      for (const outcome of mine)
        assert.match(
          outcome?.kind === 'void' ? outcome.reason : '',
          new RegExp(`the clocksource of ${which} is hpet, but was tsc .* vgpubench resume --retry$`),
        );
      assert.equal(guest.ran.length, 4, 'what could only be void is not run');
    });

  it('is none where it stays what the run began with, whatever that is', async () => {
    const bare = new FakeTarget('bare');
    bare.clocksource = 'hpet';
    const { record } = await session({ bare });
    assert.ok([...record.trials.values()].every(({ outcome }) => outcome?.kind === 'completed'));
  });

  it('is held against the one that an earlier session of the run began with', async () => {
    const first = await session({ ...changing('guest') });
    const guest = new FakeTarget('guest');
    guest.clocksource = 'hpet';
    const again = await session({ earlier: first.events, plan: first.plan, retry: true, guest });
    assert.ok(outcomesOf(again.record, 'mine').every((outcome) => outcome?.kind === 'void'));
    const mended = await session({
      earlier: [...first.events, ...again.events],
      plan: first.plan,
      retry: true,
    });
    assert.ok(outcomesOf(mended.record, 'mine').every((outcome) => outcome?.kind === 'completed'));
  });
});
