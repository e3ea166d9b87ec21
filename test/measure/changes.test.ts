import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { make } from '../../src/measure/changes.ts';
import type { PendingUndo } from '../../src/record/run-record.ts';
import type { Change } from '../../src/mode/mode.ts';
import type { EventBody } from '../../src/record/event.ts';
import type { CommandResult } from '../../src/target/lifecycle.ts';
import { FakeTarget } from '../support/fake-target.ts';

const change = (script: string, over: Partial<Change> = {}): Change => ({
  ...{ target: 'host', script, undo: { target: 'host', script: `undo ${script}` } },
  ...over,
});

/** Makes changes on a host that answers as told; tells in one list what was journaled and what was run. */
async function made(changes: readonly Change[], answers: Record<string, Partial<CommandResult>> = {}) {
  const host = new FakeTarget('host');
  const order: string[] = [];
  const events: EventBody[] = [];
  const undos: PendingUndo[] = [];
  host.answer = (script) => {
    order.push(`ran ${script}`);
    return answers[script] ?? {};
  };
  const emit = (event: EventBody) => {
    events.push(event);
    if (event.type === 'undo-planned') order.push(`planned ${event.mode}: ${event.undo.script}`);
  };
  const failure = await make(changes, 'pvdrm', new Map([['host', host]]), undos, emit).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
  return { order, undos, failure, powers: events.filter(({ type }) => type === 'power') };
}

describe('making changes', () => {
  it('journals the undo of each before it is made, one after the other', async () => {
    const { order, undos, failure } = await made([
      change('a'),
      change('b'),
      change('c', { undo: undefined }),
    ]);
    assert.deepEqual(order, ['planned pvdrm: undo a', 'ran a', 'planned pvdrm: undo b', 'ran b', 'ran c']);
    assert.deepEqual(
      undos.map(({ target, script }) => [target, script]),
      [
        ['host', 'undo a'],
        ['host', 'undo b'],
      ],
    );
    assert.equal(failure, undefined);
  });

  it('stops at one that fails, whose undo is planned: it may have been made by half', async () => {
    const { order, undos, failure } = await made([change('a'), change('b')], {
      a: { exitCode: 1, stdout: 'loading\n', stderr: 'no such module\n' },
    });
    assert.deepEqual(order, ['planned pvdrm: undo a', 'ran a']);
    assert.equal(undos.length, 1);
    assert.equal(failure, 'on host: a: exit status 1: no such module');
  });

  it('says where one took too long, and what it printed where that is no error', async () => {
    const late = await made([change('a')], { a: { exitCode: null } });
    assert.equal(late.failure, 'on host: a: not finished within 120 s: ');
    const said = await made([change('a')], { a: { exitCode: 2, stdout: 'why\n' } });
    assert.equal(said.failure, 'on host: a: exit status 2: why');
  });

  it('that are an undo alone runs nothing', async () => {
    const { order } = await made([change(':')]);
    assert.deepEqual(order, ['planned pvdrm: undo :']);
  });

  it('tells of a guest that was started or stopped: whether it was, and what was printed', async () => {
    const power = (action: 'start' | 'destroy') => ({ undo: undefined, power: { of: 'guest', action } });
    const { powers, failure } = await made(
      [change('xl destroy', power('destroy')), change('xl create', power('start'))],
      { 'xl destroy': { stdout: 'gone\n' }, 'xl create': { exitCode: 3, stderr: 'no memory\n' } },
    );
    assert.deepEqual(
      powers.map((event) => ({ ...event, tookMs: 0 })),
      [
        { type: 'power', target: 'guest', action: 'destroy', ok: true, tookMs: 0, output: 'gone' },
        { type: 'power', target: 'guest', action: 'start', ok: false, tookMs: 0, output: 'no memory' },
      ],
    );
    assert.ok(powers.every((event) => event.type === 'power' && event.tookMs >= 0));
    assert.equal(failure, 'on host: xl create: exit status 3: no memory');
  });

  it('keeps the end of what starting a guest printed', async () => {
    const console = `${'boot '.repeat(1000)}panic`;
    const { powers } = await made([change('start', { power: { of: 'guest', action: 'start' } })], {
      start: { stdout: console },
    });
    const [event] = powers;
    assert.ok(event?.type === 'power');
    assert.equal(event.output, console.slice(-2000));
  });
});
