import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseExperiment } from '../../src/experiment/load.ts';
import type { Experiment } from '../../src/experiment/schema.ts';
import { type SessionWork, sessionOn } from '../../src/measure/session.ts';
import { type Plan, makePlan } from '../../src/plan/plan.ts';
import type { Event, EventBody } from '../../src/record/event.ts';
import { fold, recordOf } from '../../src/record/fold.ts';
import { pendingTrials } from '../../src/record/progress.ts';
import { Story } from '../support/events.ts';
import { FakeTarget } from '../support/fake-target.ts';

const MODES = `
  native: { use: native, on: bare, hypervisor: allowed }
  mine: { use: custom, on: guest, prepare: [load], restore: [unload] }`;

function experimentOf({ design = '{ blocks: 2, warmup: 0, samples: 2 }', modes = MODES } = {}): Experiment {
  return parseExperiment(
    `name: demo
targets: { bare: { ssh: bare }, guest: { ssh: guest, host: bare } }
modes: ${modes}
workloads:
  - { use: command, name: one, run: ./one, metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }
  - { use: command, name: two, run: ./two, metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }
design: ${design}
`,
    'experiment.yaml',
  );
}

type Parts = Partial<Omit<SessionWork, 'emit' | 'record'>> & {
  earlier?: readonly Event[];
  bare?: FakeTarget;
  guest?: FakeTarget;
  see?: (event: EventBody) => void;
};

/** One session on two machines; tells its events, what it returned or threw, and where each trial stands then. */
async function session(parts: Parts = {}) {
  const experiment = parts.experiment ?? experimentOf();
  const plan = parts.plan ?? makePlan(experiment);
  const record = recordOf(parts.earlier ?? []);
  // Whoever holds a session opens it in the journal.
  const story = new Story().add({ type: 'run-resumed', versions: {}, pid: 8, retry: false });
  fold(record, story.events[0]!);
  const { bare = new FakeTarget('bare'), guest = new FakeTarget('guest') } = parts;
  const ended = await sessionOn(new Map([bare, guest].map((target) => [target.name, target])), {
    ...{ experiment, plan, record, token: 'f00d', retry: false },
    ...{ interrupt: new AbortController().signal, unkept: () => undefined },
    settled: () => ({ reason: null, skip: () => false }),
    ...parts,
    emit: (body) => {
      fold(record, story.add(body).events.at(-1)!);
      parts.see?.(body);
    },
  }).catch((error: unknown) => (error as Error).message);
  const { events } = story;
  const started = events.flatMap((event) =>
    event.type === 'trial-started' ? `${event.trial} ${event.attempt} from ${event.fromIndex}` : [],
  );
  return { ended, events, started, plan, record, bare, guest };
}

const begun = (plan: Plan) => plan.trials.map(({ id }) => `${id} 1 from 0`);

/** The events of a session that came this far in the plan's first trial. */
function firstTrial(write: (story: Story, trial: string) => Story): Event[] {
  return write(new Story().begin(), makePlan(experimentOf()).trials[0]!.id).events;
}

describe('a session', () => {
  it('walks through the plan in its order, visit by visit, and says that it is done', async () => {
    const { ended, events, started, plan, record, bare, guest } = await session();
    assert.equal(ended, 'completed');
    assert.deepEqual(started, begun(plan));
    assert.ok([...record.trials.values()].every(({ outcome }) => outcome?.kind === 'completed'));
    assert.deepEqual(
      record.visits.map(({ block, mode, attestations }) => [
        block,
        mode,
        attestations.map(({ when }) => when),
      ]),
      [...new Set(plan.trials.map(({ block, mode }) => `${block} ${mode}`))].map((visit) => [
        Number(visit.split(' ')[0]),
        visit.split(' ')[1],
        ['before', 'after'],
      ]),
    );
    assert.deepEqual(events.at(-1), { ...events.at(-1), type: 'run-ended', reason: 'completed' });
    assert.deepEqual([bare.closed, guest.closed], [true, true]);
  });

  it('enters and leaves a mode around the trials of each visit', async () => {
    const { guest } = await session({ experiment: experimentOf({ design: '{ blocks: 1, samples: 1 }' }) });
    const steps = guest.asked
      .filter((step) => /^(load|unload|end )/.test(step))
      .map((step) => step.split(' ')[0]);
    assert.deepEqual(steps, ['load', 'end', 'end', 'unload']);
  });

  it('writes down each target once, and one that can’t be reached costs its own trials only', async () => {
    const guest = new FakeTarget('guest');
    guest.gone = true;
    const { ended, events, record } = await session({ guest });
    assert.equal(ended, 'completed');
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'target-ready' ? event.target : [])),
      ['bare'],
    );
    assert.ok(
      events.some((event) => event.type === 'incident' && event.kind === 'link' && event.target === 'guest'),
    );
    for (const [id, { outcome }] of record.trials)
      assert.equal(outcome?.kind, id.includes('.mine.') ? 'failed' : 'completed', id);
    assert.equal(record.trials.size, 8);
  });

  it('tries one that can’t be reached once a block, and fails its visits in between at once', async () => {
    const guest = new FakeTarget('guest');
    guest.gone = true;
    const { plan } = await session({ guest });
    const blocks = new Set(plan.trials.map(({ block }) => block)).size;
    assert.equal(guest.asked.filter((step) => step === 'reconnect').length, blocks);
  });

  it('ends before it begins where no target answers, and says how to look', async () => {
    const [bare, guest] = [new FakeTarget('bare'), new FakeTarget('guest')];
    bare.gone = guest.gone = true;
    const { ended, events, started } = await session({ bare, guest });
    assert.equal(ended, 'none of the 2 targets answers');
    assert.deepEqual(started, []);
    assert.deepEqual(events.at(-1), { ...events.at(-1), type: 'run-ended', reason: 'failed' });
  });

  it('refuses two targets that are one machine, unless the experiment allows it', async () => {
    const twins = () => {
      const [bare, guest] = [new FakeTarget('bare'), new FakeTarget('guest')];
      bare.boot = guest.boot = 'b0071d';
      return { bare, guest };
    };
    const { ended, started } = await session(twins());
    assert.deepEqual([ended, started], ['targets bare and guest are one machine', []]);
    const experiment = { ...experimentOf(), 'same-machine': 'allowed' } as const;
    assert.equal((await session({ ...twins(), experiment })).ended, 'completed');
    const silent = twins();
    silent.bare.boot = silent.guest.boot = '';
    assert.equal((await session(silent)).ended, 'completed', 'a guest that does not tell may be any');
  });

  it('leaves nothing on its targets, unless an earlier one was cut off in a trial that it did not come to', async () => {
    const { bare, guest } = await session();
    assert.deepEqual([bare.asked.at(-1), guest.asked.at(-1)], ['leave', 'leave']);
    const earlier = firstTrial((story, trial) => story.start(trial));
    const stopped = await session({ earlier, interrupt: AbortSignal.abort() });
    assert.equal(stopped.ended, 'interrupted');
    assert.ok(![...stopped.bare.asked, ...stopped.guest.asked].includes('leave'));
  });

  it('leaves out what need not be run any more, and enters no mode for nothing', async () => {
    const { ended, started, plan, guest } = await session({
      settled: () => ({ reason: null, skip: ({ mode, workload }) => mode === 'mine' || workload === 'one' }),
    });
    assert.equal(ended, 'completed');
    assert.deepEqual(
      started,
      begun({
        ...plan,
        trials: plan.trials.filter(({ mode, workload }) => mode === 'native' && workload === 'two'),
      }),
    );
    assert.ok(!guest.asked.includes('load'));
  });

  it('asks before each block whether all is settled, and ends for that reason', async () => {
    let asked = 0;
    const { ended, started, plan } = await session({
      settled: () => ({ reason: ++asked === 2 ? 'precision' : null, skip: () => false }),
    });
    assert.equal(ended, 'precision');
    assert.equal(asked, 2);
    assert.deepEqual(started, begun({ ...plan, trials: plan.trials.filter(({ block }) => block === 1) }));
  });

  it('begins no block once its budget is spent, what earlier sessions took included', async () => {
    const experiment = experimentOf({ design: '{ blocks: 3, samples: 1, budget: 1h }' });
    const hours = (atMs: number): Event[] => {
      const [first] = new Story().begin().events;
      return [first!, { ...first!, type: 'run-ended', reason: 'interrupted', atMs }];
    };
    const [within, beyond] = [
      await session({ experiment, earlier: hours(1_000) }),
      await session({ experiment, earlier: hours(3_700_000) }),
    ];
    assert.deepEqual([within.ended, within.started.length], ['completed', 12]);
    assert.deepEqual([beyond.ended, beyond.started.length], ['budget', 4]);
  });

  it('that the user interrupts puts its mode back and begins no other trial', async () => {
    const user = new AbortController();
    const guest = new FakeTarget('guest');
    guest.program = () => {
      user.abort();
      return new Promise(() => undefined);
    };
    const { ended, record, events } = await session({ guest, interrupt: user.signal });
    assert.equal(ended, 'interrupted');
    const kinds = [...record.trials.values()].map(({ outcome }) => outcome?.kind);
    assert.equal(kinds.pop(), 'aborted');
    assert.ok(kinds.every((kind) => kind === 'completed'));
    assert.equal(record.pendingUndo.size, 0);
    assert.ok(guest.asked.includes('unload'));
    assert.equal(events.at(-1)?.type, 'run-ended');
  });

  it('that can’t go on says so in the journal, closes its targets, and throws', async () => {
    const plan = makePlan(experimentOf());
    const trials = [{ ...plan.trials[0]!, mode: 'unknown' }];
    const { ended, record, bare, guest } = await session({ plan: { ...plan, trials } });
    assert.match(ended, /names a mode unknown/);
    assert.equal(record.endReason, 'failed');
    assert.deepEqual([bare.closed, guest.closed], [true, true]);
  });

  it('enters a mode again after a trial that hung, and goes on with the next', async () => {
    const guest = new FakeTarget('guest');
    const experiment = experimentOf({ design: '{ blocks: 1, samples: 1 }' });
    experiment.limits.trial = 30;
    let runs = 0;
    guest.program = () => (++runs === 1 ? new Promise(() => undefined) : 'speed: 42');
    const { ended, events, record } = await session({ experiment, guest });
    assert.equal(ended, 'completed');
    const mine = [...record.trials].flatMap(([id, { outcome }]) =>
      id.includes('.mine.') ? outcome?.kind : [],
    );
    assert.deepEqual(mine, ['timed-out', 'completed']);
    assert.equal(guest.asked.filter((step) => step === 'load').length, 2);
    assert.ok(events.some((event) => event.type === 'incident' && event.kind === 'recovery'));
  });
});

describe('a mode whose guests are powered', () => {
  const experiment = experimentOf({
    design: '{ blocks: 1, samples: 1 }',
    modes: `
  native: { use: native, on: bare, hypervisor: allowed }
  mine: { use: custom, on: guest, power: { start: start guest, destroy: destroy guest } }`,
  });

  it('starts one that does not answer, and gives it time to boot', async () => {
    const [bare, guest] = [new FakeTarget('bare'), new FakeTarget('guest')];
    guest.gone = true;
    bare.answer = (script) => {
      if (script === 'start guest') setTimeout(() => (guest.gone = false), 100);
      return {};
    };
    const { ended, record } = await session({ experiment, bare, guest });
    assert.equal(ended, 'completed');
    assert.deepEqual(
      record.powers.map(({ target, action, ok }) => [target, action, ok]),
      [
        ['guest', 'destroy', true],
        ['guest', 'start', true],
      ],
    );
    assert.deepEqual(
      [...record.trials.values()].map(({ outcome }) => outcome?.kind),
      ['completed', 'completed', 'completed', 'completed'],
    );
    assert.ok(record.incidents.some(({ kind, text }) => kind === 'recovery' && text.includes('guest')));
  });

  it('leaves its trials to be run where the user does not wait for its boot', async () => {
    const [bare, guest, user] = [new FakeTarget('bare'), new FakeTarget('guest'), new AbortController()];
    guest.gone = true;
    bare.answer = (script) => {
      if (script === 'start guest') setTimeout(user.abort.bind(user), 20);
      return {};
    };
    const { ended, record, plan } = await session({ experiment, bare, guest, interrupt: user.signal });
    assert.equal(ended, 'interrupted');
    const left = pendingTrials(plan, record, false).map(({ mode }) => mode);
    assert.deepEqual([...new Set(left)].sort(), left.includes('native') ? ['mine', 'native'] : ['mine']);
    assert.equal(left.filter((mode) => mode === 'mine').length, 2);
  });

  it('does not start one that answers', async () => {
    const { record } = await session({ experiment });
    assert.deepEqual(record.powers, []);
  });
});

describe('a session that goes on with a run', () => {
  it('leaves alone what has ended, and goes on within a trial that an interrupt cut off', async () => {
    const aborted = { kind: 'aborted', reason: 'interrupted by the user' } as const;
    const { started, plan } = await session({
      earlier: firstTrial((story, trial) =>
        story
          .start(trial)
          .sample(trial, 0, [{ metrics: { value: [42] } }])
          .end(trial, aborted),
      ),
    });
    assert.deepEqual(started, [`${plan.trials[0]!.id} 1 from 1`, ...begun(plan).slice(1)]);
    const failed = { kind: 'failed', reason: 'x', transport: false } as const;
    const over = await session({
      earlier: firstTrial((story, trial) => story.start(trial).end(trial, failed)),
    });
    assert.deepEqual(over.started, begun(plan).slice(1));
  });

  it('runs again what gave no figure, as a new attempt, where that is asked for', async () => {
    const outcome = { kind: 'timed-out', reason: 'x', afterMs: 1 } as const;
    const { started, plan, record } = await session({
      retry: true,
      earlier: firstTrial((story, trial) => story.start(trial, 2).end(trial, outcome, 2)),
    });
    assert.deepEqual(started, [`${plan.trials[0]!.id} 3 from 0`, ...begun(plan).slice(1)]);
    assert.equal(record.trials.get(plan.trials[0]!.id)?.attempt, 3);
  });

  it('begins a trial anew that was in flight under an older format: its files are not ours to read', async () => {
    const inFlight = firstTrial((story, trial) =>
      story.start(trial).sample(trial, 0, [{ metrics: { value: [42] } }]),
    );
    const { started, plan } = await session({ earlier: inFlight.map((event) => ({ ...event, v: 1 })) });
    assert.equal(started[0], `${plan.trials[0]!.id} 2 from 0`);
    assert.equal((await session({ earlier: inFlight })).started[0], `${plan.trials[0]!.id} 1 from 1`);
  });

  it('first puts back what was left changed, newest change first', async () => {
    const story = new Story().begin();
    for (const id of ['old', 'done', 'new'])
      story.add({ type: 'undo-planned', id, mode: 'mine', undo: { target: 'guest', script: `undo ${id}` } });
    story.add({ type: 'undone', id: 'done', ok: true, output: '' });
    const { events, guest, record } = await session({ earlier: story.events });
    assert.deepEqual(guest.asked.filter((step) => /^(undo |load)/.test(step)).slice(0, 3), [
      'undo new',
      'undo old',
      'load',
    ]);
    const undone = events.findIndex(({ type }) => type === 'undone');
    assert.ok(undone >= 0 && undone < events.findIndex(({ type }) => type === 'trial-started'));
    assert.equal(record.pendingUndo.size, 0);
  });
});
