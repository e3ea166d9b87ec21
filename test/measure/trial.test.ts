import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseExperiment } from '../../src/experiment/load.ts';
import { sitesOf } from '../../src/measure/sites.ts';
import { type TrialStart, runTrial } from '../../src/measure/trial.ts';
import type { Finding, Mode } from '../../src/mode/mode.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { EventBody } from '../../src/record/event.ts';
import { workloadFor } from '../../src/workload/kinds.ts';
import { FakeTarget } from '../support/fake-target.ts';

const MODE: Mode = {
  name: 'native',
  prepare: () => Promise.resolve([]),
  attest: () => Promise.resolve([]),
  counters: () => Promise.resolve({}),
  wrap: (command) => `wrapped ${command}`,
  environment: { GPU: 'one' },
};

interface Parts {
  start?: Partial<TrialStart>;
  mode?: Partial<Mode>;
  warmup?: number;
  samples?: number;
  limitMs?: number;
  interrupt?: AbortSignal;
  /** Told of each event as it happens. */
  see?: (event: EventBody) => void;
}

/** Runs the one trial of a plan in the given guests, and tells what was emitted. */
async function run(guests: readonly FakeTarget[], parts: Parts = {}) {
  const names = guests.map(({ name }) => name);
  const experiment = parseExperiment(
    `name: demo
targets: { ${names.map((name) => `${name}: { ssh: ${name} }`).join(', ')} }
modes: { native: { use: native, on: [${names.join(', ')}] } }
workloads: [{ use: command, name: w, run: ./w, metric: { pattern: "speed: {value}", unit: GB/s, better: higher, limit: 99 } }]
design: { blocks: 1, warmup: ${parts.warmup ?? 0}, samples: ${parts.samples ?? 3} }
`,
    'experiment.yaml',
  );
  const events: EventBody[] = [];
  const emit = (event: EventBody) => {
    events.push(event);
    parts.see?.(event);
  };
  const outcome = await runTrial(
    makePlan(experiment).trials[0]!,
    { attempt: 1, samplesDone: 0, resumed: false, ...parts.start },
    {
      experiment,
      mode: { ...MODE, ...parts.mode },
      workload: await workloadFor(experiment.workloads[0]!),
      guests: sitesOf(names, experiment, new Map(guests.map((guest) => [guest.name, guest])), emit),
      guestDirectory: 'vgpubench-f00d',
      limitMs: parts.limitMs ?? 60_000,
      emit,
      interrupt: parts.interrupt ?? new AbortController().signal,
    },
  );
  const of = <T extends EventBody['type']>(type: T) =>
    events.filter((event): event is Extract<EventBody, { type: T }> => event.type === type);
  return {
    outcome,
    events,
    samples: of('sample').map(({ index, warmup, guests: read }) => ({
      index,
      warmup,
      values: read.map(({ readings }) => readings[0]?.metrics[0]?.value),
    })),
    incidents: of('incident'),
    ended: of('trial-ended'),
    attested: of('attested'),
  };
}

const sample = (index: number, ...values: number[]) => ({ index, warmup: false, values });
const never = () => new Promise<never>(() => undefined);
const DIRECTORY = 'vgpubench-f00d/b1.native.w.1';

/** Nothing of the trial is left in the guest, and nothing of it goes on there. */
async function assertLeft(guest: FakeTarget): Promise<void> {
  const [ran, opened] = [guest.ran.length, guest.streams.size];
  await sleep(5);
  assert.deepEqual([...guest.kept.keys()], []);
  assert.deepEqual([guest.ran.length, guest.streams.size], [ran, opened]);
  assert.equal(opened, 0);
}

describe('a trial', () => {
  it('takes warm-ups, then samples, and ends as completed', async () => {
    const guest = new FakeTarget('a');
    let speed = 40;
    guest.program = () => `speed: ${++speed}\n`;
    const { events, samples, ended } = await run([guest], { warmup: 1, samples: 2 });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['trial-started', 'sample', 'sample', 'sample', 'trial-ended'],
    );
    assert.deepEqual(events[0], { type: 'trial-started', trial: 'b1.native.w', attempt: 1, fromIndex: 0 });
    assert.deepEqual(samples, [{ ...sample(0, 41), warmup: true }, sample(0, 42), sample(1, 43)]);
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
    await run([guest], {
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
    await run([guest], { samples: 1, start: { attempt: 4 } });
    const directory = 'vgpubench-f00d/b1.native.w.4';
    assert.deepEqual(seen, [{ command: 'wrapped ./w', environment: { GPU: 'one' }, directory }]);
  });

  it('of a workload that fails keeps the samples before it, and says why', async () => {
    const guest = new FakeTarget('a');
    guest.program = ({ key }) =>
      key === 's1' ? { exitCode: 3, stderr: Buffer.from('no GPU\n') } : 'speed: 42';
    const { outcome, samples, incidents, ended } = await run([guest]);
    const reason = 'exit status 3: no GPU';
    assert.deepEqual(outcome, { kind: 'failed', transport: false, reason });
    assert.deepEqual(samples, [sample(0, 42)]);
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
    ['beyond what the device can do', 'speed: 100', /^value of 100 GB\/s is beyond the 99 GB\/s/],
  ] as const)
    it(`${what} is void`, async () => {
      const guest = new FakeTarget('a');
      guest.program = () => printed;
      const { outcome, samples, incidents, ended } = await run([guest]);
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
      [{ exitCode: 'lost' }, /^a: the shell that ran it died/],
      [{ cut: true }, /limits\.output/],
    ] as const) {
      const guest = new FakeTarget('a');
      guest.program = () => result;
      const { outcome } = await run([guest]);
      assert.equal(outcome.kind, 'failed');
      assert.match(outcome.reason, reason);
    }
  });

  it('that takes longer than its limit is ended in the guest, with time to put itself in order', async () => {
    const guest = new FakeTarget('a');
    guest.program = ({ key }) => (key === 's1' ? never() : 'speed: 42');
    const { outcome, samples, incidents, events } = await run([guest], { limitMs: 50 });
    assert.equal(outcome.kind, 'timed-out');
    assert.deepEqual(samples, [sample(0, 42)]);
    assert.deepEqual(guest.asked, [`end ${DIRECTORY} 1000`]);
    assert.deepEqual(
      incidents.map(({ kind, text }) => [kind, text]),
      [['time-out', outcome.reason]],
    );
    await assertLeft(guest);
    assert.deepEqual(guest.ran, ['s0', 's1'], 'it is not begun again');
    assert.equal(events.at(-1)?.type, 'trial-ended', 'and nothing is told after its end');
  });

  it('that the user interrupts is aborted, which is no incident', async () => {
    const guest = new FakeTarget('a');
    const user = new AbortController();
    guest.program = ({ key }) => {
      if (key === 's0') return 'speed: 42';
      user.abort();
      return never();
    };
    const { outcome, samples, incidents, events } = await run([guest], { interrupt: user.signal });
    assert.equal(outcome.kind, 'aborted');
    assert.deepEqual([samples, incidents], [[sample(0, 42)], []]);
    await assertLeft(guest);
    assert.deepEqual(guest.ran, ['s0', 's1']);
    assert.equal(events.at(-1)?.type, 'trial-ended');
  });

  it('begun after the interrupt runs nothing', async () => {
    const guest = new FakeTarget('a');
    const { outcome } = await run([guest], { interrupt: AbortSignal.abort() });
    assert.equal(outcome.kind, 'aborted');
    await assertLeft(guest);
    assert.deepEqual(guest.ran, []);
  });
});

describe('a trial whose link is lost', () => {
  it('fetches what the guest kept over a new one: the workload ran once', async () => {
    const guest = new FakeTarget('a');
    guest.program = ({ key }) => {
      if (key === 's1') guest.cut();
      return sleep(1, 'speed: 42');
    };
    const { outcome, samples, incidents } = await run([guest]);
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(guest.ran, ['s0', 's1', 's2']);
    assert.deepEqual(samples, [sample(0, 42), sample(1, 42), sample(2, 42)]);
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
    const { outcome, samples, incidents, ended } = await run([guest]);
    assert.equal(outcome.kind, 'failed');
    assert.equal(outcome.transport, true);
    assert.match(outcome.reason, /^a: no connection/);
    assert.deepEqual(samples, [sample(0, 42)]);
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
    const back = new Promise<void>((resolve) => setTimeout(resolve, 60));
    guest.reconnect = () => back;
    guest.program = () => {
      setImmediate(() => {
        guest.cut();
      });
      return never();
    };
    const { outcome } = await run([guest], { limitMs: 30 });
    assert.equal(outcome.kind, 'timed-out');
    await back;
    await assertLeft(guest);
    assert.deepEqual(guest.ran, ['s0']);
  });

  it('over and over has failed too', async () => {
    const guest = new FakeTarget('a');
    const reopen = guest.openStream.bind(guest);
    guest.program = never;
    guest.openStream = (options) => {
      setImmediate(() => {
        guest.cut();
      });
      return reopen(options);
    };
    const { outcome } = await run([guest]);
    assert.equal(outcome.kind, 'failed');
    assert.equal(outcome.transport, true);
    assert.deepEqual(guest.ran, ['s0']);
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
    const { outcome, samples, events } = await run([a, b], { samples: 2, limitMs: 10_000 });
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(samples, [sample(0, 1, 2), sample(1, 1, 2)]);
    for (const event of events)
      if (event.type === 'sample') assert.ok(event.startSpreadNs !== null && event.startSpreadNs >= 0);
  });

  it('ends in all of them where one fails', async () => {
    const [a, b] = [new FakeTarget('a'), new FakeTarget('b')];
    b.program = () => ({ exitCode: 1 });
    const { outcome } = await run([a, b]);
    assert.equal(outcome.kind, 'failed');
    await assertLeft(a);
    await assertLeft(b);
  });
});

describe('a trial that goes on where an earlier session was cut off', () => {
  /** A guest in which a session began the samples up to `key`, and was cut off. */
  async function guestWith(...keys: string[]): Promise<FakeTarget> {
    const guest = new FakeTarget('a');
    guest.program = ({ key }) => `speed: ${key.slice(1)}1`;
    const options = { directory: DIRECTORY, command: '', environment: {}, outputBytes: 1, fileBytes: 1 };
    const stream = await guest.openStream({ ...options, giveUpMs: 1 });
    for (const key of keys) await stream.run(key);
    guest.cut();
    return guest;
  }

  it('adopts the sample that its guest kept, and runs what is left', async () => {
    const guest = await guestWith('s0', 's1');
    const { outcome, samples, events } = await run([guest], { start: { samplesDone: 1, resumed: true } });
    assert.deepEqual(events[0], { type: 'trial-started', trial: 'b1.native.w', attempt: 1, fromIndex: 1 });
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(samples, [sample(1, 11), sample(2, 21)]);
    assert.deepEqual(guest.ran, ['s0', 's1', 's2']);
    await assertLeft(guest);
  });

  it('runs a sample that was not begun', async () => {
    const guest = await guestWith('s0');
    const { samples } = await run([guest], { start: { samplesDone: 1, resumed: true } });
    assert.deepEqual(samples, [sample(1, 11), sample(2, 21)]);
    assert.deepEqual(guest.ran, ['s0', 's1', 's2']);
  });

  it('runs a sample again whose shell died with it', async () => {
    const guest = new FakeTarget('a');
    guest.program = () => ({ exitCode: 'lost' });
    const options = { directory: DIRECTORY, command: '', environment: {}, outputBytes: 1, fileBytes: 1 };
    await (await guest.openStream({ ...options, giveUpMs: 1 })).run('s1');
    guest.program = () => 'speed: 42';
    const { outcome, samples } = await run([guest], { start: { samplesDone: 1, resumed: true } });
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(samples, [sample(1, 42), sample(2, 42)]);
    assert.deepEqual(guest.ran, ['s1', 's1', 's2']);
  });

  it('of which every sample is there runs nothing, and has completed', async () => {
    const guest = await guestWith('s2');
    const { outcome, samples } = await run([guest], { start: { samplesDone: 3, resumed: true } });
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual([samples, guest.ran], [[], ['s2']]);
  });
});

describe('evidence that is taken during a trial', () => {
  const finding = (ok: boolean): Finding => ({ target: 'a', claim: 'the GPU is busy', ok, evidence: '0%' });

  it('is asked for once a trial, of each guest, while the workload runs, and is told with the trial', async () => {
    const [a, b] = [new FakeTarget('a'), new FakeTarget('b')];
    const asked: string[] = [];
    // The first run does not end before both were asked.
    let enough: () => void = () => undefined;
    const bothAsked = new Promise<void>((resolve) => (enough = resolve));
    for (const guest of [a, b]) guest.program = () => bothAsked.then(() => 'speed: 42');
    const { outcome, attested } = await run([a, b], {
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
    const { outcome, attested, samples, incidents } = await run([guest], {
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
    const { events } = await run([guest], {
      limitMs: 20,
      mode: { attestDuring: () => sleep(40, [finding(true)]) },
    });
    await sleep(40);
    assert.equal(events.at(-1)?.type, 'trial-ended');
  });

  it('is not asked for where the mode has none', async () => {
    const guest = new FakeTarget('a');
    const { attested } = await run([guest]);
    assert.deepEqual(attested, []);
    assert.deepEqual(guest.asked, [`end ${DIRECTORY} 0`]);
  });
});
