import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Watched, liveStateOf, outcomesBefore } from '../../src/cli/terminal/live-state.ts';
import { settled } from '../../src/compare/compare.ts';
import type { Event } from '../../src/record/event.ts';
import { fold, recordOf } from '../../src/record/fold.ts';
import { pendingTrials } from '../../src/record/progress.ts';
import { simulatedRun } from '../compare/simulated-run.ts';

const workloads = ['quiet', 'noisy']
  .map(
    (name) =>
      `  - { use: command, name: ${name}, run: ./w, metric: { name: time, field: t, unit: ms, better: lower } }`,
  )
  .join('\n');

/** Twelve of twenty blocks are done; each trial takes 3 ms by the simulated journal, from the end of the one before, and a visit's attestation more. */
const { experiment, plan, events } = simulatedRun({
  workloads,
  design: '{ blocks: 20, samples: 1, warmup: 0, precision: 1% }',
  value: ({ workload }, _, noise) => 100 * Math.exp((workload === 'noisy' ? 0.1 : 0.001) * noise),
  upTo: 48,
  endReason: null,
});

/** @param session whether it runs again what gave no figure, and what earlier ones left in the journal */
function live(more: Partial<Watched> = {}, { retry = false, left = events } = {}) {
  const record = recordOf(left);
  const watched: Watched = {
    ...{ experiment, plan, earlier: new Map(), incidentsBefore: 0, comparisons: [] },
    before: outcomesBefore({ pending: pendingTrials(plan, record, retry), record }),
    needless: () => false,
    ...more,
  };
  return {
    state: () => liveStateOf(watched, record),
    see: (...seen: Event[]) => {
      for (const event of seen) fold(record, event);
    },
  };
}

const nowMs = events.at(-1)!.atMs;
const skip = () => settled(experiment, plan, recordOf(events)).skip;
const at = { v: 2, wall: '2030-01-01T00:00:00.000Z', attempt: 1 } as const;
const trial = (id: string, fromMs: number, toMs: number): Event[] => [
  { ...at, trial: id, atMs: fromMs, type: 'trial-started', fromIndex: 0 },
  { ...at, trial: id, atMs: toMs, type: 'trial-ended', outcome: { kind: 'completed' } },
];

describe('the live view', () => {
  it('counts what is left by the trials that have not ended', () => {
    const { done, trials, leftMs } = live().state();
    assert.deepEqual([done, trials, Math.round(leftMs ?? 0)], [48, 80, 96]);
  });

  it('counts cells that adaptive stopping has ended as done, in trials and in time', () => {
    assert.equal(settled(experiment, plan, recordOf(events)).reason, null);
    const some = live({ needless: skip() }).state();
    assert.deepEqual([some.done, Math.round(some.leftMs ?? 0)], [64, 48]);
    const all = live({ needless: () => true }).state();
    assert.deepEqual([all.done, all.leftMs], [80, 0]);
  });

  it('goes on counting from there as trials end', () => {
    const { state, see } = live({ needless: skip() });
    const next = plan.trials.slice(48).find(({ workload }) => workload === 'noisy')!;
    const before = state().leftMs ?? 0;
    see(...trial(next.id, nowMs, nowMs + 3));
    assert.equal(state().done, 65);
    assert.ok((state().leftMs ?? Infinity) < before);
  });

  it('takes the time between two trials for that of the second', () => {
    const { state, see } = live();
    const [first, second] = plan.trials.slice(48);
    see(...trial(first!.id, nowMs, nowMs + 3));
    const before = state().leftMs ?? 0;
    see(...trial(second!.id, nowMs + 1003, nowMs + 1006));
    assert.ok((state().leftMs ?? 0) > before + 1000);
  });

  it('counts what is to be run again as left, until it has ended anew', () => {
    const failed = { kind: 'failed', reason: 'no', transport: false } as const;
    const left = events.map((event) =>
      event.type === 'trial-ended' && event.trial.startsWith('b10.') ? { ...event, outcome: failed } : event,
    );
    assert.equal(live({}, { left }).state().done, 48);
    const { state, see } = live({}, { left, retry: true });
    assert.equal(state().done, 44);
    assert.ok(Math.abs((state().leftMs ?? 0) - 36 * 3) < 1, `${state().leftMs}`);
    const { id } = plan.trials.find(({ block }) => block === 10)!;
    const [start, end] = trial(id, nowMs, nowMs + 3).map((event) => ({ ...event, attempt: 2 }) as Event);
    see(start!);
    assert.equal(state().done, 44);
    see(end!);
    assert.equal(state().done, 45);
  });

  it('counts an interrupted trial as left', () => {
    const { state, see } = live();
    const id = plan.trials[48]!.id;
    see({ ...at, trial: id, atMs: 200, type: 'trial-started', fromIndex: 0 });
    see({ ...at, trial: id, atMs: 201, type: 'trial-ended', outcome: { kind: 'aborted', reason: 'no' } });
    assert.equal(state().done, 48);
  });

  it('says what is done between trials, which sample is being taken, and this session’s incidents', () => {
    const { state, see } = live({ incidentsBefore: 0 });
    const { id, block, mode, workload } = plan.trials[48]!;
    see({
      ...at,
      atMs: 200,
      type: 'undo-planned',
      id: 'u',
      mode: 'slow',
      undo: { target: 'b', script: ':' },
    });
    assert.equal(state().doing, 'preparing slow');
    see({ ...at, trial: id, atMs: 201, type: 'trial-started', fromIndex: 0 });
    const guests = [{ target: 'a', durationNs: 1, readings: [{ metrics: [], phases: {}, crossings: {} }] }];
    see({
      ...at,
      trial: id,
      atMs: 202,
      type: 'sample',
      index: 2,
      warmup: false,
      guests,
      startSpreadNs: null,
    });
    see({ ...at, atMs: 203, type: 'incident', kind: 'link', target: 'a', trial: id, text: 'lost' });
    const found = state();
    assert.deepEqual(
      [found.doing, found.block, found.mode, found.workload, found.sample, found.incidents],
      ['', block, mode, workload, 3, { count: 1, last: 'link: lost' }],
    );
  });
});
