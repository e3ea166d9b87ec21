import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Watcher } from '../../src/cli/live-state.ts';
import { settled } from '../../src/compare/compare.ts';
import { progressOf } from '../../src/record/progress.ts';
import { simulatedRun } from '../compare/simulated-run.ts';

const workloads = ['quiet', 'noisy']
  .map(
    (name) =>
      `  - { use: command, name: ${name}, run: ./w, metric: { name: time, field: t, unit: ms, better: lower } }`,
  )
  .join('\n');

/** Ten of twenty blocks are done; each trial takes 3 ms by the simulated journal, from the end of the one before, and a visit's attestation more. */
const { experiment, plan, events } = simulatedRun({
  workloads,
  design: '{ blocks: 20, samples: 1, warmup: 0, precision: 1% }',
  value: ({ workload }, _, noise) => 100 * Math.exp((workload === 'noisy' ? 0.1 : 0.001) * noise),
  upTo: 40,
  endReason: null,
});
const watcher = () => new Watcher(experiment, plan, progressOf(events), 0, new Map());

describe('the live view', () => {
  it('counts what is left by the trials that have not ended', () => {
    const { done, trials, leftMs } = watcher().state;
    assert.deepEqual([done, trials, Math.round(leftMs ?? 0)], [40, 80, 122]);
  });

  it('counts cells that adaptive stopping has ended as done, in trials and in time', () => {
    const live = watcher();
    const { reason, skip } = settled(experiment, plan, events);
    assert.equal(reason, null);
    live.spare(skip);
    assert.deepEqual([live.state.done, Math.round(live.state.leftMs ?? 0)], [60, 62]);
    live.spare(() => true);
    assert.deepEqual([live.state.done, live.state.leftMs], [80, 0]);
  });

  it('goes on counting from there as trials end', () => {
    const live = watcher();
    live.spare(settled(experiment, plan, events).skip);
    const next = plan.trials.slice(40).find(({ workload }) => workload === 'noisy')!;
    const at = { v: 1, wall: '2030-01-01T00:00:00.000Z', trial: next.id, attempt: 1 } as const;
    const before = live.state.leftMs ?? 0;
    live.see({ ...at, atMs: 0, type: 'trial-started', fromIndex: 0 });
    live.see({ ...at, atMs: 3, type: 'trial-ended', outcome: { kind: 'completed' } });
    assert.equal(live.state.done, 61);
    assert.ok(live.state.leftMs !== null && live.state.leftMs < before);
  });

  it('takes the time between two trials for that of the second', () => {
    const live = watcher();
    const [first, second] = plan.trials.slice(40);
    const at = { v: 1, wall: '2030-01-01T00:00:00.000Z', attempt: 1 } as const;
    const run = (trial: string, from: number, to: number): void => {
      live.see({ ...at, trial, atMs: from, type: 'trial-started', fromIndex: 0 });
      live.see({ ...at, trial, atMs: to, type: 'trial-ended', outcome: { kind: 'completed' } });
    };
    run(first!.id, 0, 3);
    const before = live.state.leftMs ?? 0;
    run(second!.id, 1003, 1006);
    assert.ok((live.state.leftMs ?? 0) > before + 1000);
  });
});
