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

/** Ten of twenty blocks are done; each trial takes 2 ms by the simulated journal. */
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
    assert.deepEqual([done, trials, leftMs], [40, 80, 80]);
  });

  it('counts cells that adaptive stopping has ended as done, in trials and in time', () => {
    const live = watcher();
    const { reason, skip } = settled(experiment, plan, events);
    assert.equal(reason, null);
    live.spare(skip);
    assert.deepEqual([live.state.done, live.state.leftMs], [60, 40]);
    live.spare(() => true);
    assert.deepEqual([live.state.done, live.state.leftMs], [80, 0]);
  });

  it('goes on counting from there as trials end', () => {
    const live = watcher();
    live.spare(settled(experiment, plan, events).skip);
    const next = plan.trials.slice(40).find(({ workload }) => workload === 'noisy')!;
    const at = { v: 1, wall: '2030-01-01T00:00:00.000Z', trial: next.id, attempt: 1 } as const;
    live.see({ ...at, atMs: 0, type: 'trial-started', fromIndex: 0 });
    live.see({ ...at, atMs: 2, type: 'trial-ended', outcome: { kind: 'completed' } });
    assert.deepEqual([live.state.done, live.state.leftMs], [61, 38]);
  });
});
