import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeTarget } from '../support/fake-target.ts';
import { DIRECTORY, assertLeft, never, runOneTrial, sampleOf } from '../support/one-trial.ts';

describe('a trial', () => {
  it('takes warm-ups, then samples, and ends as completed', async () => {
    const guest = new FakeTarget('a');
    let speed = 40;
    guest.program = () => `speed: ${++speed}\n`;
    const { events, samples, ended } = await runOneTrial([guest], { warmup: 1, samples: 2 });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['trial-started', 'sample', 'sample', 'sample', 'trial-ended'],
    );
    assert.deepEqual(events[0], { type: 'trial-started', trial: 'b1.native.w', attempt: 1, fromIndex: 0 });
    assert.deepEqual(samples, [{ ...sampleOf(0, 41), warmup: true }, sampleOf(0, 42), sampleOf(1, 43)]);
    assert.deepEqual(ended, [
      { type: 'trial-ended', trial: 'b1.native.w', attempt: 1, outcome: { kind: 'completed' } },
    ]);
    await assertLeft(guest);
  });

  it('has each sample in the journal before it asks for the next', async () => {
    const guest = new FakeTarget('a');
    const order: string[] = [];
    guest.program = ({ key }) => {
      order.push(`runs ${key}`);
      return 'speed: 42';
    };
    await runOneTrial([guest], {
      see: (event) => {
        if (event.type === 'sample') order.push(`told ${event.index}`);
      },
    });
    assert.deepEqual(order, ['runs s0', 'told 0', 'runs s1', 'told 1', 'runs s2', 'told 2']);
  });

  it('runs the command as its mode has it, in a directory of its attempt’s own', async () => {
    const guest = new FakeTarget('a');
    const seen: unknown[] = [];
    guest.program = ({ options: { command, environment, directory } }) => {
      seen.push({ command, environment, directory });
      return 'speed: 42';
    };
    await runOneTrial([guest], { samples: 1, start: { attempt: 4 } });
    const directory = 'b1.native.w.4';
    assert.deepEqual(seen, [{ command: 'wrapped ./w', environment: { GPU: 'one' }, directory }]);
  });

  it('of a workload that fails keeps the samples before it, and says why', async () => {
    const guest = new FakeTarget('a');
    guest.program = ({ key }) =>
      key === 's1' ? { exitCode: 3, stderr: Buffer.from('no GPU\n') } : 'speed: 42';
    const { outcome, samples, incidents, ended } = await runOneTrial([guest]);
    const reason = 'exit status 3: no GPU';
    assert.deepEqual(outcome, { kind: 'failed', transport: false, reason });
    assert.deepEqual(samples, [sampleOf(0, 42)]);
    assert.deepEqual(incidents, [
      { type: 'incident', kind: 'failure', target: null, trial: 'b1.native.w', text: reason },
    ]);
    assert.deepEqual(
      ended.map((one) => one.outcome),
      [outcome],
    );
    await assertLeft(guest);
  });

  for (const [what, printed, reason] of [
    ['whose result is wrong', '{"check":"3 of 9 differ"}\nspeed: 42', /^3 of 9 differ$/],
    [
      'beyond what the device can do',
      'speed: 100',
      /^value of 100 GB\/s is beyond the device’s limit of 99 GB\/s/,
    ],
  ] as const)
    it(`${what} is void`, async () => {
      const guest = new FakeTarget('a');
      guest.program = () => printed;
      const { outcome, samples, incidents, ended } = await runOneTrial([guest]);
      assert.equal(outcome.kind, 'void');
      assert.match(outcome.reason, reason);
      assert.deepEqual(samples, []);
      assert.deepEqual(
        incidents.map(({ kind, trial, text }) => [kind, trial, text]),
        [['void', 'b1.native.w', outcome.reason]],
      );
      assert.equal(ended.length, 1);
      await assertLeft(guest);
    });

  it('whose shell died under the workload, or that printed too much, has failed', async () => {
    for (const [result, reason] of [
      [{ exitCode: 'lost' }, /^a: its leading process died/],
      [{ cut: true }, /limits\.output/],
    ] as const) {
      const guest = new FakeTarget('a');
      guest.program = () => result;
      const { outcome } = await runOneTrial([guest]);
      assert.equal(outcome.kind, 'failed');
      assert.match(outcome.reason, reason);
    }
  });

  it('beyond its limit does not say that it was killed in a guest that does not answer', async () => {
    const guest = new FakeTarget('a');
    guest.program = () => {
      guest.gone = true;
      return never();
    };
    const { outcome, incidents } = await runOneTrial([guest], { limitMs: 50 });
    assert.equal(outcome.kind, 'timed-out');
    assert.match(outcome.reason, /^not finished within 0\.05 s; its processes may still be running/);
    assert.deepEqual(
      incidents.map(({ kind }) => kind),
      ['link', 'time-out'],
    );
  });

  it('that takes longer than its limit is ended in the guest, with time to put itself in order', async () => {
    const guest = new FakeTarget('a');
    guest.program = ({ key }) => (key === 's1' ? never() : 'speed: 42');
    const { outcome, samples, incidents, events } = await runOneTrial([guest], { limitMs: 50 });
    assert.equal(outcome.kind, 'timed-out');
    assert.match(outcome.reason, /^not finished within 0\.05 s; its processes were killed in the guest$/);
    assert.deepEqual(samples, [sampleOf(0, 42)]);
    assert.deepEqual(guest.asked, [`end ${DIRECTORY} 1000`]);
    assert.deepEqual(
      incidents.map(({ kind, text }) => [kind, text]),
      [['time-out', outcome.reason]],
    );
    await assertLeft(guest);
    assert.deepEqual(guest.ran, ['s0', 's1'], 'it is not begun again');
    assert.equal(events.at(-1)?.type, 'trial-ended', 'and nothing is told after its end');
  });

  it('that leaves processes behind tells which, once they are ended', async () => {
    const guest = new FakeTarget('a');
    guest.left = [{ pid: 7, name: 'daemon' }];
    const one = await runOneTrial([guest]);
    assert.equal(one.outcome.kind, 'completed');
    assert.deepEqual(
      one.incidents.map(({ kind, text }) => [kind, text]),
      [['leftover', 'it left a process behind, now ended: daemon (7)']],
    );
    guest.left = Array.from({ length: 7 }, (_, index) => ({ pid: index, name: 'x' }));
    const [told] = (await runOneTrial([guest])).incidents;
    assert.match(told?.text ?? '', /^it left 7 processes behind, now ended: x \(0\), .* and 2 more$/);
  });

  it('whose files find no room has its next one look elsewhere', async () => {
    const guest = new FakeTarget('a');
    guest.room = false;
    guest.program = () => ({ exitCode: 1 });
    const { outcome } = await runOneTrial([guest]);
    assert.match(outcome.kind === 'failed' ? outcome.reason : '', /^no space for results/);
    assert.ok(guest.asked.includes('full'));
    guest.room = true;
    const other = await runOneTrial([guest]);
    assert.match(other.outcome.kind === 'failed' ? other.outcome.reason : '', /exit status 1/);
  });

  it('that the user interrupts is aborted, which is no incident', async () => {
    const guest = new FakeTarget('a');
    const user = new AbortController();
    guest.program = ({ key }) => {
      if (key === 's0') return 'speed: 42';
      user.abort();
      return never();
    };
    const { outcome, samples, incidents, events } = await runOneTrial([guest], { interrupt: user.signal });
    assert.equal(outcome.kind, 'aborted');
    assert.deepEqual([samples, incidents], [[sampleOf(0, 42)], []]);
    await assertLeft(guest);
    assert.deepEqual(guest.ran, ['s0', 's1']);
    assert.equal(events.at(-1)?.type, 'trial-ended');
  });

  it('begun after the interrupt runs nothing', async () => {
    const guest = new FakeTarget('a');
    const { outcome } = await runOneTrial([guest], { interrupt: AbortSignal.abort() });
    assert.equal(outcome.kind, 'aborted');
    await assertLeft(guest);
    assert.deepEqual(guest.ran, []);
  });
});

describe('a trial of several guests', () => {
  it('starts them together, and tells what each gave', async () => {
    const [a, b] = [new FakeTarget('a'), new FakeTarget('b')];
    // Neither ends before the other has begun.
    const begun = new Map<string, () => void>();
    for (const guest of [a, b])
      guest.program = async ({ key }) => {
        const other = begun.get(key);
        if (other === undefined) await new Promise<void>((resolve) => begun.set(key, resolve));
        else other();
        return `speed: ${guest === a ? 1 : 2}`;
      };
    // By their own clocks, as well as those are known.
    a.started = { atNs: 5000n, withinNs: 50 };
    b.started = { atNs: 7000n, withinNs: 10 };
    const { outcome, samples, events } = await runOneTrial([a, b], { samples: 2, limitMs: 10_000 });
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(samples, [sampleOf(0, 1, 2), sampleOf(1, 1, 2)]);
    for (const event of events)
      if (event.type === 'sample')
        assert.deepEqual([event.startSpreadNs, event.startSpreadWithinNs], [2000, 60]);
  });

  it('ends in all of them where one fails', async () => {
    const [a, b] = [new FakeTarget('a'), new FakeTarget('b')];
    b.program = () => ({ exitCode: 1 });
    const { outcome } = await runOneTrial([a, b]);
    assert.equal(outcome.kind, 'failed');
    await assertLeft(a);
    await assertLeft(b);
  });
});
