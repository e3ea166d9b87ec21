import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Plan, makePlan } from '../../src/plan/plan.ts';
import type { Event, EventBody } from '../../src/record/event.ts';
import { Story } from '../support/events.ts';
import { FakeTarget } from '../support/fake-target.ts';
import { experimentOf, session } from '../support/session.ts';

const begun = (plan: Plan) => plan.trials.map(({ id }) => `${id} 1 from 0`);

const SPEED = [{ metrics: { speed: [5] } }];

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

  it('begins a trial anew that had completed in a stay which was cut off before it was attested again', async () => {
    const plan = makePlan(experimentOf());
    const { id, block, mode } = plan.trials[0]!;
    const before: EventBody = { type: 'attested', block, mode, when: 'before', ok: true, findings: [] };
    const earlier = new Story()
      .begin()
      .add(before)
      .start(id)
      .sample(id, 0, SPEED)
      .sample(id, 1, SPEED)
      .end(id);
    const { started, record } = await session({ plan, earlier: earlier.events });
    assert.ok(started.includes(`${id} 2 from 0`), started.join(', '));
    assert.equal(record.trials.get(id)?.outcome?.kind, 'completed');
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
