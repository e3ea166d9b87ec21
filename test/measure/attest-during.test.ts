import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../../src/mode/mode.ts';
import { FakeTarget } from '../support/fake-target.ts';
import { DIRECTORY, assertLeft, never, runOneTrial } from '../support/one-trial.ts';

describe('evidence that is taken during a trial', () => {
  const finding = (ok: boolean): Finding => ({ target: 'a', claim: 'the GPU is busy', ok, evidence: '0%' });

  it('is asked for once a trial, of each guest, while the workload runs, and is told with the trial', async () => {
    const [a, b] = [new FakeTarget('a'), new FakeTarget('b')];
    const asked: string[] = [];
    // The first run does not end before both were asked.
    let enough: () => void = () => undefined;
    const bothAsked = new Promise<void>((resolve) => (enough = resolve));
    for (const guest of [a, b]) guest.program = () => bothAsked.then(() => 'speed: 42');
    const { outcome, attested } = await runOneTrial([a, b], {
      warmup: 1,
      limitMs: 10_000,
      mode: {
        attestDuring: ({ guest }) => {
          asked.push(guest.name);
          if (asked.length === 2) enough();
          return Promise.resolve([finding(true)]);
        },
      },
    });
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(asked, ['a', 'b']);
    assert.deepEqual(attested, [
      {
        ...{ type: 'attested', block: 1, mode: 'native', when: 'during', trial: 'b1.native.w', ok: true },
        findings: [finding(true), finding(true)],
      },
    ]);
  });

  it('voids the trial where it speaks against the mode', async () => {
    const guest = new FakeTarget('a');
    guest.program = () => sleep(1, 'speed: 42');
    const { outcome, attested, samples, incidents } = await runOneTrial([guest], {
      mode: { attestDuring: () => Promise.resolve([finding(true), finding(false)]) },
    });
    const reason = 'not attested while it ran: a: the GPU is busy (0%)';
    assert.deepEqual(outcome, { kind: 'void', reason });
    assert.deepEqual(
      attested.map(({ ok }) => ok),
      [false],
    );
    assert.deepEqual(samples, []);
    assert.deepEqual(
      incidents.map(({ kind, text }) => [kind, text]),
      [['void', reason]],
    );
    await assertLeft(guest);
  });

  it('that comes after the trial’s end is told no more', async () => {
    const guest = new FakeTarget('a');
    guest.program = never;
    const { events } = await runOneTrial([guest], {
      limitMs: 20,
      mode: { attestDuring: () => sleep(40, [finding(true)]) },
    });
    await sleep(40);
    assert.equal(events.at(-1)?.type, 'trial-ended');
  });

  it('is asked of no further guest once the trial is over', async () => {
    const [a, b] = [new FakeTarget('a'), new FakeTarget('b')];
    for (const guest of [a, b]) guest.program = never;
    const asked: string[] = [];
    const { outcome } = await runOneTrial([a, b], {
      limitMs: 20,
      mode: {
        attestDuring: ({ guest }) => {
          asked.push(guest.name);
          return sleep(40, [finding(true)]);
        },
      },
    });
    await sleep(60);
    assert.equal(outcome.kind, 'timed-out');
    assert.deepEqual(asked, ['a']);
  });

  it('is not asked for where the mode has none', async () => {
    const guest = new FakeTarget('a');
    const { attested } = await runOneTrial([guest]);
    assert.deepEqual(attested, []);
    assert.deepEqual(guest.asked, [`end ${DIRECTORY} 0`]);
  });
});
