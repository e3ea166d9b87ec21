import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { undoHeld, undoOrHold } from '../../src/measure/held.ts';
import { putBackHosts, stillChanged } from '../../src/measure/still-changed.ts';
import { planUndo } from '../../src/measure/undo.ts';
import type { VisitContext } from '../../src/measure/visit-context.ts';
import type { Change } from '../../src/mode/mode.ts';
import { fold, recordOf } from '../../src/record/fold.ts';
import { Story } from '../support/events.ts';
import { FakeTarget } from '../support/fake-target.ts';

/** What enters a mode that takes down the one before; or one that does not, or elsewhere. */
const entering = (script: string, more: Partial<Change> = {}): Change => ({
  target: 'host',
  script,
  undo: { target: 'host', script: 'leave' },
  replaces: true,
  ...more,
});

/** A stay that is over, with one undo, and what the next one begins with. */
function overStay(next: readonly Change[], interrupt = new AbortController().signal) {
  const host = new FakeTarget('host');
  const record = recordOf([]);
  const story = new Story();
  const emit: VisitContext['emit'] = (body) => {
    fold(record, story.add(body).events.at(-1)!);
  };
  const context = {
    ...{ pendingUndo: record.pendingUndo, held: new Set<string>(), targets: new Map([['host', host]]) },
    ...{ emit, interrupt, next: () => Promise.resolve(next) },
  } as unknown as VisitContext;
  const undo = planUndo('one', { target: 'host', script: 'leave' }, emit);
  return { host, record, context, undo };
}

const left = (host: FakeTarget) => host.asked.filter((script) => script === 'leave').length;

describe('an undo of a stay that is over', () => {
  it('is left to the next stay, where that begins by taking it down', async () => {
    const next = [entering('enter two')];
    const { host, record, context, undo } = overStay(next);
    await undoOrHold([undo], context);
    assert.equal(left(host), 0);
    assert.deepEqual([...record.pendingUndo.keys()], [undo.id], 'in the journal it is still to be undone');

    const site = { guest: host, host, domain: 'g' };
    const sites = [{ target: host, host, site }];
    await undoHeld(next, context);
    await putBackHosts(sites, next, context);
    const own = planUndo('two', { target: 'host', script: 'leave' }, context.emit);
    assert.equal(await stillChanged(sites, [own], context), undefined);
    assert.equal(left(host), 0);
    assert.deepEqual([...record.pendingUndo.keys()], [own.id], 'what replaced it has an undo of its own');
  });

  it('is undone where the next stay begins otherwise, elsewhere, or not at all', async () => {
    for (const next of [
      [],
      [entering('enter two', { replaces: false })],
      [entering('enter two', { undo: { target: 'other', script: 'leave' } })],
      [entering('enter two', { undo: { target: 'host', script: 'leave two' } })],
    ]) {
      const { host, record, context, undo } = overStay(next);
      await undoOrHold([undo], context);
      assert.deepEqual([left(host), record.pendingUndo.size], [1, 0]);
    }
  });

  it('is undone where the user ends the session', async () => {
    const { host, context, undo } = overStay([entering('enter two')], AbortSignal.abort());
    await undoOrHold([undo], context);
    assert.equal(left(host), 1);
  });

  it('is undone after all, where the stay that was to replace it does not come', async () => {
    const { host, record, context, undo } = overStay([entering('enter two')]);
    await undoOrHold([undo], context);
    await undoHeld([entering('enter three', { replaces: false })], context);
    assert.deepEqual([left(host), record.pendingUndo.size, context.held.size], [1, 0, 0]);
  });
});
