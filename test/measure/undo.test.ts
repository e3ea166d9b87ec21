import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planUndo, undoAll } from '../../src/measure/undo.ts';
import type { EventBody } from '../../src/record/event.ts';
import type { PendingUndo } from '../../src/record/run-record.ts';
import { Target } from '../../src/target/target.ts';

/** A machine as far as undos go: the changes made to it, each undone by `undo NAME` in the reverse order alone. */
class UndoStack extends Target {
  readonly changes: string[];
  /** Whether the link is up; it comes up again when asked to, unless the machine is gone. */
  connected = false;
  readonly #gone: boolean;
  readonly timeoutsMs: (number | undefined)[] = [];

  constructor(name: string, changes: readonly string[], gone = false) {
    super(name, { ssh: name }, '/nowhere');
    this.changes = [...changes];
    this.#gone = gone;
  }

  override reconnect(): Promise<void> {
    if (this.#gone) return Promise.reject(new Error(`${this.name} does not answer`));
    this.connected = true;
    return Promise.resolve();
  }

  override change(script: string, { timeoutMs }: { timeoutMs?: number } = {}) {
    assert.ok(this.connected, 'it is asked before its link is up again');
    this.timeoutsMs.push(timeoutMs);
    const said = (exitCode: number | null, stdout: string, stderr = '') =>
      Promise.resolve({ exitCode, stdout, stderr });
    if (script === 'hang') return said(null, '');
    if (script === 'shout') return said(3, 'o'.repeat(5000), 'e');
    if (script !== `undo ${this.changes.at(-1)}`) return said(1, 'out ', `${script}: not on top\n`);
    this.changes.pop();
    return said(0, 'done\n');
  }
}

/** What became of undos, and the events that tell it. */
async function undone(undos: readonly PendingUndo[], ...targets: UndoStack[]) {
  const events: EventBody[] = [];
  const emit = (event: EventBody) => events.push(event);
  const allWell = await undoAll(undos, new Map(targets.map((target) => [target.name, target])), emit);
  const results = events.filter((event) => event.type === 'undone');
  const incidents = events.filter((event) => event.type === 'incident');
  return { allWell, events, results, incidents };
}

const undo = (id: string, target: string, script = `undo ${id}`): PendingUndo => ({ id, target, script });

describe('an undo that is planned', () => {
  it('is in the journal with its mode, under a name of its own', () => {
    const events: EventBody[] = [];
    const planned = ['one', 'two'].map((script) =>
      planUndo('pvdrm', { target: 'dom0', script }, (event) => events.push(event)),
    );
    assert.deepEqual(
      events,
      planned.map(({ id, ...rest }) => ({ type: 'undo-planned', id, mode: 'pvdrm', undo: rest })),
    );
    assert.deepEqual(
      planned.map(({ target, script }) => [target, script]),
      [
        ['dom0', 'one'],
        ['dom0', 'two'],
      ],
    );
    const [one, two] = planned.map(({ id }) => id);
    assert.match(one!, /^[0-9a-f]{12}$/);
    assert.notEqual(one, two);
  });
});

describe('undoing', () => {
  it('undoes one after the other, newest change first, over links that are up again', async () => {
    const [host, guest] = [new UndoStack('host', ['a', 'b']), new UndoStack('guest', ['c'])];
    const { allWell, events } = await undone(
      [undo('a', 'host'), undo('b', 'host'), undo('c', 'guest')],
      host,
      guest,
    );
    assert.equal(allWell, true);
    assert.deepEqual(
      events,
      ['c', 'b', 'a'].map((id) => ({ type: 'undone', id, ok: true, output: 'exit status 0: done' })),
    );
    assert.deepEqual([host.changes, guest.changes], [[], []]);
    assert.ok(
      host.timeoutsMs.every((ms) => ms !== undefined && ms > 0),
      'none may take for ever',
    );
  });

  it('goes on after one that failed, and says which could not be put back', async () => {
    const host = new UndoStack('host', ['a', 'b']);
    const { allWell, results, incidents } = await undone(
      [undo('a', 'host'), undo('b', 'host'), undo('x', 'host')],
      host,
    );
    assert.equal(allWell, false);
    assert.deepEqual(
      results.map(({ id, ok }) => [id, ok]),
      [
        ['x', false],
        ['b', true],
        ['a', true],
      ],
    );
    assert.deepEqual(host.changes, []);
    assert.deepEqual(incidents, [
      {
        type: 'incident',
        kind: 'restore',
        target: 'host',
        trial: null,
        text: 'could not be undone: undo x: exit status 1: out undo x: not on top',
      },
    ]);
  });

  it('says where it got no end, no answer, or has no such target, and goes on', async () => {
    const host = new UndoStack('host', ['a']);
    const gone = new UndoStack('gone', [], true);
    const { allWell, results, incidents } = await undone(
      [undo('a', 'host'), undo('3', 'nobody'), undo('2', 'gone'), undo('1', 'host', 'hang')],
      host,
      gone,
    );
    assert.equal(allWell, false);
    assert.deepEqual(
      results.map(({ ok, output }) => [ok, output]),
      [
        [false, 'not finished within 120 s: '],
        [false, 'gone does not answer'],
        [false, 'no such target in the experiment file'],
        [true, 'exit status 0: done'],
      ],
    );
    assert.equal(incidents.length, 3);
  });

  it('keeps no more than the beginning of what an undo printed', async () => {
    const { results, incidents } = await undone([undo('1', 'host', 'shout')], new UndoStack('host', []));
    assert.equal(results[0]?.output.length, 2000);
    assert.match(incidents[0]?.text ?? '', /^could not be undone: shout: exit status 3: o{200,300}$/);
  });

  it('of nothing is well', async () => {
    assert.deepEqual((await undone([])).allWell, true);
  });
});
