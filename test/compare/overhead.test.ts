/** Overhead against measured work: runs whose cost per crossing is known. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chartsOf } from '../../src/chart/charts.ts';
import { overheadsOf } from '../../src/compare/overhead.ts';
import { resultsSchema } from '../../src/compare/results.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { overheadLines } from '../../src/report/wording.ts';
import { close } from '../statistics/reference.ts';
import { type Simulation, simulatedRun } from './simulated-run.ts';

/** What each program takes natively, in ms, and how often it crosses; their names say nothing of either. */
const PROGRAMS: Record<string, { ms: number; crossings: number }> = {
  gem: { ms: 2, crossings: 200 },
  copy: { ms: 40, crossings: 400 },
  nop9: { ms: 1, crossings: 2 },
  loop: { ms: 500, crossings: 10 },
};
const COST_US = 8;
const workloads = Object.keys(PROGRAMS)
  .map(
    (name) =>
      `  - { use: command, name: ${name}, run: ./w, metric: { name: time, field: t, unit: ms, better: lower } }`,
  )
  .join('\n');
const modes = `  native: { use: native, on: a }
  virtual: { use: custom, on: b, environment: { LEVEL: one } }
  whole: { use: custom, on: b, environment: { LEVEL: two } }`;

/** `virtual` takes 4% longer and 8 µs per crossing; `whole` crosses never and takes 3 ms longer per run. */
const run = (over: Simulation = {}) =>
  simulatedRun({
    modes,
    workloads,
    value: ({ mode, workload }: PlannedTrial, _, noise) => {
      const { ms, crossings } = PROGRAMS[workload]!;
      const added = { native: 0, virtual: 0.04 * ms + (COST_US / 1000) * crossings, whole: 3 };
      return (ms + added[mode as keyof typeof added]) * Math.exp(0.001 * noise);
    },
    crossings: ({ mode, workload }): Record<string, number> =>
      mode === 'virtual' ? { fault: PROGRAMS[workload]!.crossings - 1, mmap: 1 } : {},
    ...over,
  }).results;

describe('overhead against work per crossing', () => {
  const results = run();
  const [virtual, whole] = results.overheads;

  it('is drawn by what was measured natively and counted in the mode', () => {
    assert.deepEqual([virtual!.mode, virtual!.metric, virtual!.per], ['virtual', 'time', 'crossing']);
    assert.deepEqual(
      virtual!.points.map(({ workload, crossings }) => [workload, crossings]),
      [
        ['gem', 200],
        ['copy', 400],
        ['nop9', 2],
        ['loop', 10],
      ],
    );
    for (const { workload, workNs, xNs, time, low, high } of virtual!.points) {
      const { ms, crossings } = PROGRAMS[workload]!;
      close(workNs / (ms * 1e6), 1, 'work', 0.002);
      close(xNs, workNs / crossings, 'work per crossing');
      close(time, 1.04 + (COST_US / 1000) * (crossings / ms), 'time', 0.002);
      assert.ok(low! < time && time < high!);
    }
  });

  it('has a fit that finds what a crossing costs and what remains, with intervals that hold them', () => {
    const { costNs, limit, n } = virtual!.fit!;
    assert.ok(costNs.low! < COST_US * 1000 && COST_US * 1000 < costNs.high!, JSON.stringify(costNs));
    assert.ok(limit.low! < 1.04 && 1.04 < limit.high!, JSON.stringify(limit));
    assert.ok(costNs.high! / costNs.low! < 1.01 && limit.high! - limit.low! < 0.01);
    assert.deepEqual([n, virtual!.note], [10, null]);
  });

  it('has costs that are known no better than the tick of the clock that the times are by', () => {
    const quiet: Simulation['value'] = ({ mode, workload }) => {
      const { ms, crossings } = PROGRAMS[workload]!;
      return mode === 'native' ? ms : 1.04 * ms + (COST_US / 1000) * crossings;
    };
    const [fine, coarse] = [1, 1e5].map(
      (tickNs) => run({ value: quiet, byClock: true, tickNs }).overheads[0]!,
    );
    const width = ({ low, high }: { low: number | null; high: number | null }) => high! - low!;
    for (const [one, least] of [
      [(all: typeof fine) => all!.fit!.costNs, 100],
      [(all: typeof fine) => all!.byKind!.costs[0]!.costNs, 100],
      [(all: typeof fine) => all!.fit!.limit, 1e-3],
      [(all: typeof fine) => all!.byKind!.limit, 1e-3],
    ] as const) {
      assert.ok(width(one(coarse)) > least, `${width(one(coarse))}`);
      assert.ok(width(one(fine)) < width(one(coarse)) / 50, `${width(one(fine))}`);
      assert.equal(one(fine).value, one(coarse).value);
    }
  });

  it('of one block is a fit without intervals', () => {
    const [one] = run({ design: '{ blocks: 1, samples: 2, warmup: 0 }' }).overheads;
    const { costNs, limit, n } = one!.fit!;
    assert.deepEqual([n, costNs.low, costNs.high, limit.low, limit.high], [1, null, null, null, null]);
    assert.ok(Math.abs(costNs.value / (COST_US * 1000) - 1) < 0.01);
  });

  it('is by the work of a run where no crossings were counted, and says so instead of dividing by zero', () => {
    assert.deepEqual([whole!.mode, whole!.per], ['whole', 'run']);
    assert.match(whole!.note!, /no crossings were counted/);
    assert.ok(whole!.points.every(({ xNs, workNs, crossings }) => crossings === 0 && xNs === workNs));
    assert.ok(whole!.fit!.costNs.low! < 3e6 && 3e6 < whole!.fit!.costNs.high!);
    assert.match(
      overheadLines(results).join('\n'),
      /whole, time: each run costs 3,\d{3} µs .*no crossings were counted/,
    );
    assert.match(overheadLines(results).join('\n'), /virtual, time: each crossing costs (7\.9|8)\d* µs \(/);
  });

  it('does not claim a cost that noise alone would show', () => {
    const idle = run({
      value: ({ workload }: PlannedTrial, _: unknown, noise: number) =>
        PROGRAMS[workload]!.ms * Math.exp(0.05 * noise),
    });
    const [first, , second] = overheadLines(idle);
    assert.match(first ?? '', /virtual, time: each crossing has no measurable cost: /);
    assert.match(second ?? '', /whole, time: each run has no measurable cost: /);
    for (const line of [first, second]) assert.ok(summaryMarkdown(idle).includes(line!.slice(0, 45)));
  });

  it('leaves a workload that never crosses out of the curve, and keeps its point', () => {
    const { overheads } = run({
      crossings: ({ mode, workload }): Record<string, number> =>
        mode === 'virtual' && workload !== 'loop' ? { fault: PROGRAMS[workload]!.crossings } : {},
    });
    const [one] = overheads;
    assert.equal(one!.points.find(({ workload }) => workload === 'loop')!.xNs, null);
    assert.ok(one!.fit!.n === 10 && Math.abs(one!.fit!.costNs.value / 8000 - 1) < 0.01);
  });

  it('takes the guest’s clock for the work where the metric is no time, and turns rates over', () => {
    const { overheads } = run({
      workloads: workloads.replaceAll('unit: ms, better: lower', 'unit: GB/s, better: higher'),
      value: ({ mode, workload }) =>
        mode === 'virtual' ? 1 / (1.04 + 8e-3 * (PROGRAMS[workload]!.crossings / PROGRAMS[workload]!.ms)) : 1,
      durationNs: ({ workload }) => PROGRAMS[workload]!.ms * 1e6,
    });
    close(overheads[0]!.fit!.costNs.value, 8000, 'cost', 1e-6);
    close(overheads[0]!.fit!.limit.value, 1.04, 'limit', 1e-9);
  });

  it('says by how much its curve misses what was measured, where the cost is no constant', () => {
    const { overheads } = run({
      value: ({ mode, workload }, _, noise) =>
        PROGRAMS[workload]!.ms *
        (mode === 'virtual' && workload === 'copy' ? 3 : 1) *
        Math.exp(0.001 * noise),
    });
    assert.match(
      overheads[0]!.note!,
      /^the curve misses .*copy by -\d+\.\d%.*, so the cost per crossing is not constant/,
    );
  });

  it('has no curve, and says why, where there is nothing to tell one from', () => {
    const note = (over: Simulation) => run(over).overheads[0]?.note;
    const same = note({
      crossings: ({ mode, workload }): Record<string, number> =>
        mode === 'virtual' ? { fault: PROGRAMS[workload]!.ms } : {},
    });
    assert.match(same!, /the work per crossing is nearly the same/);
    assert.match(note({ crossings: () => ({ fault: 5 }) })!, /baseline crosses the boundary itself/);
    assert.equal(run({ crossings: () => ({ fault: 5 }) }).overheads[0]!.fit, null);
    assert.deepEqual(simulatedRun().results.overheads, []);
    // A rate without a clock leaves the work unknown.
    assert.deepEqual(run({ workloads: workloads.replaceAll('unit: ms', 'unit: J') }).overheads, []);
  });

  it('is in the schema, and its charts say which work they are drawn by', () => {
    resultsSchema.parse(JSON.parse(JSON.stringify(results)));
    const charts = chartsOf(results).filter(({ id }) => id.startsWith('overhead'));
    assert.deepEqual(
      charts.map(({ title }) => title),
      ['time: overhead by work per crossing', 'time: overhead by work per run'],
    );
    assert.match(charts[0]!.caption, /native’s time ÷ crossings counted/);
    assert.match(charts[1]!.caption, /No crossings were counted in whole/);
    assert.match(JSON.stringify(charts[0]!.config), /lower is better/);
    assert.ok(
      charts[0]!.table.rows.some((row) => row[0] === 'virtual' && row[1] === 'gem' && row[2] === '200'),
    );
  });

  it('is of each workload’s first metric: crossings are counted per reading, and another may be of another time', () => {
    const { cells, comparisons } = results;
    const named = <T extends { metric: string }>(all: readonly T[]): T[] =>
      all.flatMap((one) => [one, { ...one, metric: 'cold-start' }]);
    const work = named(cells).map((cell) => ({
      cell,
      clockTick: null,
      ...{ crossings: { fault: PROGRAMS[cell.workload]!.crossings }, hypercalls: {}, operations: null },
      workNs: PROGRAMS[cell.workload]!.ms * 1e6,
    }));
    assert.deepEqual(
      overheadsOf(work, named(comparisons), 0.95).map(({ metric }) => metric),
      ['time', 'time'],
    );
  });
});
