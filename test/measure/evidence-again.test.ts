/** Evidence that a link's death cut off, which is asked for again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeTarget } from '../support/fake-target.ts';
import { experimentOf, session } from '../support/session.ts';

const experiment = experimentOf({
  modes: `
  native: { use: native, on: bare, hypervisor: allowed }
  mine: { use: custom, on: guest, attest: [{ run: prove }] }`,
});

/** The link dies under the evidence after the first stay's trials, so often in a row. */
async function losing(times: number) {
  const guest = new FakeTarget('guest');
  let asked = 0;
  guest.answer = (script) => {
    if (!script.includes('prove')) return {};
    asked++;
    if (asked > 1 && asked <= 1 + times) throw guest.lost('the connection was lost');
    return {};
  };
  const { record, events } = await session({ experiment, guest });
  const outcomes = [...record.trials].flatMap(([id, { outcome }]) =>
    id.includes('.mine.') ? [outcome?.kind] : [],
  );
  const told = events.filter((event) => event.type === 'incident' && event.kind === 'link').length;
  return { outcomes, told };
}

describe('evidence that is cut off', () => {
  it('is asked for again, up to three times, and then costs no trial', async () => {
    for (const times of [1, 2, 3]) {
      const { outcomes, told } = await losing(times);
      assert.deepEqual(outcomes, ['completed', 'completed', 'completed', 'completed'], `${times} times`);
      assert.equal(told, times);
    }
  });

  it('is given up after that, and its trials are void', async () => {
    const { outcomes } = await losing(4);
    assert.deepEqual(outcomes.toSorted(), ['completed', 'completed', 'void', 'void']);
  });
});
