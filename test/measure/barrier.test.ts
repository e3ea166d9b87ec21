import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Barrier } from '../../src/measure/barrier.ts';

/** Arrives, and notes what comes of it: `waits`, `went` or the error's message. */
function guest(barrier: Barrier): { state: string } {
  const one = { state: 'waits' };
  barrier.arrive().then(
    () => (one.state = 'went'),
    (error: unknown) => (one.state = (error as Error).message),
  );
  return one;
}

describe('a barrier', () => {
  it('holds all until the last has arrived, and lets them go at once', async () => {
    const barrier = new Barrier(3);
    const guests = [guest(barrier), guest(barrier)];
    await nextTurn();
    assert.deepEqual(guests, [{ state: 'waits' }, { state: 'waits' }]);
    guests.push(guest(barrier));
    await nextTurn();
    assert.deepEqual(
      guests.map(({ state }) => state),
      ['went', 'went', 'went'],
    );
  });

  it('does not hold one that is alone', async () => {
    await new Barrier(1).arrive();
  });

  it('that is broken tells whoever waits why, and whoever comes later', async () => {
    const barrier = new Barrier(3);
    const early = guest(barrier);
    barrier.break(new Error('its guest is gone'));
    await nextTurn();
    const late = guest(barrier);
    await nextTurn();
    assert.deepEqual([early, late], [{ state: 'its guest is gone' }, { state: 'its guest is gone' }]);
  });

  it('tells the first reason it was broken for', async () => {
    const barrier = new Barrier(2);
    barrier.break(new Error('first'));
    barrier.break(new Error('second'));
    await assert.rejects(barrier.arrive(), /first/);
  });

  it('may be broken while nobody waits: that is no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    new Barrier(2).break(new Error('nobody is here'));
    await nextTurn();
    await nextTurn();
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
  });

  it('that has let all go can’t be broken any more', async () => {
    const barrier = new Barrier(2);
    const guests = [guest(barrier), guest(barrier)];
    barrier.break(new Error('too late'));
    await nextTurn();
    assert.deepEqual(guests, [{ state: 'went' }, { state: 'went' }]);
  });
});
