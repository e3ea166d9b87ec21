import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeTarget } from '../support/fake-target.ts';
import { DIRECTORY, assertLeft, never, runOneTrial, sampleOf } from '../support/one-trial.ts';

describe('a trial whose link is lost', () => {
  it('fetches what the guest kept over a new one: the workload ran once', async () => {
    const guest = new FakeTarget('a');
    guest.program = ({ key }) => {
      if (key === 's1') guest.cut();
      return sleep(1, 'speed: 42');
    };
    const { outcome, samples, incidents } = await runOneTrial([guest]);
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(guest.ran, ['s0', 's1', 's2']);
    assert.deepEqual(samples, [sampleOf(0, 42), sampleOf(1, 42), sampleOf(2, 42)]);
    assert.deepEqual(
      incidents.map(({ kind, target, trial }) => [kind, target, trial]),
      [['link', 'a', 'b1.native.w']],
    );
  });

  it('for good has failed by its transport, and says what it could not end', async () => {
    const guest = new FakeTarget('a');
    guest.program = ({ key }) => {
      if (key !== 's1') return 'speed: 42';
      guest.gone = true;
      guest.cut();
      return never();
    };
    const { outcome, samples, incidents, ended } = await runOneTrial([guest]);
    assert.equal(outcome.kind, 'failed');
    assert.equal(outcome.transport, true);
    assert.match(outcome.reason, /^a: no connection/);
    assert.deepEqual(samples, [sampleOf(0, 42)]);
    assert.deepEqual(
      incidents.map(({ kind, target }) => [kind, target]),
      [
        ['link', 'a'],
        ['link', 'a'],
        ['link', 'a'],
        ['failure', null],
      ],
    );
    assert.match(incidents[2]?.text ?? '', /could not end the trial there/);
    assert.equal(ended.length, 1);
  });

  it('and comes back when the trial is over begins nothing in the guest any more', async () => {
    const guest = new FakeTarget('a');
    let comeBack: () => void = () => undefined;
    guest.reconnect = () => new Promise((resolve) => (comeBack = resolve));
    guest.program = () => {
      setImmediate(() => {
        guest.cut();
      });
      return never();
    };
    const { outcome } = await runOneTrial([guest], { limitMs: 30 });
    assert.equal(outcome.kind, 'timed-out');
    comeBack();
    await assertLeft(guest);
    assert.deepEqual(guest.ran, ['s0']);
  });

  it('over and over has failed too', async () => {
    const guest = new FakeTarget('a');
    const reopen = guest.openTrial.bind(guest);
    guest.program = never;
    guest.openTrial = (options) => {
      setImmediate(() => {
        guest.cut();
      });
      return reopen(options);
    };
    const { outcome } = await runOneTrial([guest]);
    assert.equal(outcome.kind, 'failed');
    assert.equal(outcome.transport, true);
    assert.deepEqual(guest.ran, ['s0']);
  });
});

describe('a trial that goes on where an earlier session was cut off', () => {
  /** A guest in which a session began the samples up to `key`, and was cut off. */
  async function guestWith(...keys: string[]): Promise<FakeTarget> {
    const guest = new FakeTarget('a');
    guest.program = ({ key }) => `speed: ${key.slice(1)}1`;
    const options = { directory: DIRECTORY, command: '', environment: {}, outputBytes: 1, fileBytes: 1 };
    const stream = await guest.openTrial({ ...options, giveUpMs: 1, begun: false });
    for (const key of keys) await stream.run(key);
    guest.cut();
    return guest;
  }

  it('adopts the sample that its guest kept, and runs what is left', async () => {
    const guest = await guestWith('s0', 's1');
    const { outcome, samples, events } = await runOneTrial([guest], {
      start: { samplesDone: 1, resumed: true },
    });
    assert.deepEqual(events[0], { type: 'trial-started', trial: 'b1.native.w', attempt: 1, fromIndex: 1 });
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(samples, [sampleOf(1, 11), sampleOf(2, 21)]);
    assert.deepEqual(guest.ran, ['s0', 's1', 's2']);
    await assertLeft(guest);
  });

  it('adopts no first sample that may lack the evidence of its mode, and takes it again', async () => {
    const asking = { attestDuring: () => Promise.resolve([]) };
    const resumed = { samplesDone: 0, resumed: true };
    for (const [warmup, mode, ran] of [
      [0, asking, ['s0', 's0', 's1', 's2']],
      [0, {}, ['s0', 's1', 's2']],
    ] as const) {
      const guest = await guestWith('s0');
      const { outcome } = await runOneTrial([guest], { start: resumed, warmup, mode });
      assert.equal(outcome.kind, 'completed');
      assert.deepEqual(guest.ran, ran);
    }
  });

  it('runs a sample that was not begun', async () => {
    const guest = await guestWith('s0');
    const { samples } = await runOneTrial([guest], { start: { samplesDone: 1, resumed: true } });
    assert.deepEqual(samples, [sampleOf(1, 11), sampleOf(2, 21)]);
    assert.deepEqual(guest.ran, ['s0', 's1', 's2']);
  });

  it('runs a sample again whose shell died with it', async () => {
    const guest = new FakeTarget('a');
    guest.program = () => ({ exitCode: 'lost' });
    const options = { directory: DIRECTORY, command: '', environment: {}, outputBytes: 1, fileBytes: 1 };
    await (await guest.openTrial({ ...options, giveUpMs: 1, begun: false })).run('s1');
    guest.program = () => 'speed: 42';
    const { outcome, samples } = await runOneTrial([guest], { start: { samplesDone: 1, resumed: true } });
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(samples, [sampleOf(1, 42), sampleOf(2, 42)]);
    assert.deepEqual(guest.ran, ['s1', 's1', 's2']);
  });

  it('of which every sample is there runs nothing, and has completed', async () => {
    const guest = await guestWith('s2');
    const { outcome, samples } = await runOneTrial([guest], { start: { samplesDone: 3, resumed: true } });
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual([samples, guest.ran], [[], ['s2']]);
  });
});
