/** Blocks of one boot share what that boot drew, so the boots are what an interval has to rest on. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { comparisonsOf, resultsOf, settled } from '../../src/compare/compare.ts';
import { gateOf } from '../../src/gate/gate.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { method } from '../../src/report/wording.ts';
import { summarise, tInterval } from '../../src/statistics/interval.ts';
import { mean } from '../../src/statistics/moments.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { standardNormal } from '../statistics/draws.ts';
import { close } from '../statistics/reference.ts';
import { type Simulation, simulatedRun } from './simulated-run.ts';
import { recordOf } from '../../src/record/fold.ts';

/** Two blocks a boot; what a boot draws moves `slow` by some 5%, far more than its blocks differ. */
const inPairs: Simulation = {
  bootOf: (block) => `boot ${Math.ceil(block / 2)}`,
  value: ({ mode, block }, _, noise) => {
    const boot = 0.05 * standardNormal(seeded(derive('boot', Math.ceil(block / 2))));
    return 100 * Math.exp((mode === 'slow' ? boot : 0) + 0.001 * noise);
  },
};

describe('a run of several boots', () => {
  const { results } = simulatedRun(inPairs);
  const [one] = results.comparisons;

  it('has an interval that rests on the boots', () => {
    const [native, slow] = results.cells.map(({ trials }) =>
      trials.map(({ values }) => mean(values.map(Math.log))),
    );
    const blocks = slow!.map((log, i) => log - native![i]!);
    const boots = [0, 2, 4, 6, 8].map((i) => mean(blocks.slice(i, i + 2)));
    const { low, high } = tInterval(summarise(boots));
    close(one!.intervals!.t.low, Math.exp(low!), 'low');
    close(one!.intervals!.t.high, Math.exp(high!), 'high');
    assert.ok(one!.low! <= Math.exp(low!) && one!.high! >= Math.exp(high!));
    assert.deepEqual([one!.boots, one!.blocks, one!.n], [5, 10, 20]);
  });

  it('is wider than blocks that knew nothing of their boots would have it', () => {
    const [blind] = simulatedRun({ ...inPairs, bootOf: () => 'one' }).results.comparisons;
    assert.equal(blind!.boots, 1);
    close(one!.ratio, blind!.ratio, 'ratio');
    assert.ok(Math.log(one!.high! / one!.low!) > 1.5 * Math.log(blind!.high! / blind!.low!));
  });

  it('says so, and doubts aloud where they are few', () => {
    assert.match(method(results), /the means of each boot’s blocks/);
    const { text } = results.warnings.find(({ code }) => code === 'few-boots')!;
    assert.match(text, /slow: its 10 blocks ran in 5 boots/);
    const many = simulatedRun({ bootOf: String }).results;
    assert.ok(many.warnings.every(({ code }) => code !== 'few-boots'));
    assert.doesNotMatch(method(many), /the means of each boot’s blocks/);
  });

  it('stops on precision by the boots it had, not by its blocks', () => {
    const design = '{ blocks: 20, samples: 1, warmup: 0, precision: 20% }';
    const reason = (simulation: Simulation) => {
      const { experiment, plan, events } = simulatedRun({ ...simulation, design });
      return settled(experiment, plan, recordOf(events)).reason;
    };
    assert.equal(reason({ ...inPairs, bootOf: () => 'one' }), 'precision');
    assert.equal(reason(inPairs), null); // ten boots are fewer than any interval is stopped at
  });

  it('has a boot for each block where every block had its own, as modes that need a reboot do', () => {
    const each = simulatedRun({ bootOf: String }).results.comparisons[0]!;
    const blocks = simulatedRun({ bootOf: () => 'one' }).results.comparisons[0]!;
    assert.equal(each.boots, 10);
    assert.deepEqual([each.low, each.high], [blocks.low, blocks.high]);
  });
});

describe('boots that aren’t known', () => {
  it('leave the block as the unit, also where only one target doesn’t tell', () => {
    const modes = '  native: { use: native, on: a }\n  slow: { use: native, on: c }';
    const { results } = simulatedRun({ ...inPairs, modes });
    assert.deepEqual(
      [results.comparisons[0]!.boots, results.cells[0]!.trials[0]!.boot, results.comparisons[0]!.blocks],
      [null, null, 10],
    );
  });

  it('are not mixed up where a reboot came between two workloads of a block', () => {
    const workloads = ['w1', 'w2', 'w3']
      .map(
        (name) =>
          `  - { use: command, name: ${name}, run: ./w, metric: { name: time, field: t, unit: ms, better: lower } }`,
      )
      .join('\n');
    const { experiment, plan, events } = simulatedRun({ workloads });
    const ready = events.filter((event) => event.type === 'target-ready');
    const cut = events.findIndex(
      (event) => event.type === 'trial-started' && event.trial === plan.trials[28]!.id,
    );
    const again = ready.map((event) => ({ ...event, fingerprint: { boot: 'second' } }));
    const results = resultsOf(experiment, plan, recordOf(events.toSpliced(cut, 0, ...again)));
    assert.ok(results.comparisons.every(({ boots }) => boots === 3));
    assert.equal(results.suites[0]!.blocks, 10);
  });
});

describe('a gate between runs of several boots', () => {
  const base = simulatedRun({ ...inPairs, seed: 1 }).results;

  it('rests on boots, and has the hierarchical bootstrap’s interval beside Welch’s', () => {
    const head = simulatedRun({ ...inPairs, seed: 2 }).results;
    const cell = gateOf(base, head).cells.find(({ mode }) => mode === 'slow')!;
    assert.deepEqual([cell.base.blocks, cell.base.units, cell.head.units], [10, 5, 5]);
    const widths = [cell, cell.bootstrap!].map(({ low, high }) => Math.log(high! / low!));
    assert.ok(widths[1]! > 0.3 * widths[0]! && widths[1]! < widths[0]!, widths.join(' and '));
    assert.ok(cell.bootstrap!.low < cell.ratio! && cell.ratio! < cell.bootstrap!.high);
  });

  it('says so where the two intervals would come to another verdict', () => {
    const head = simulatedRun({ ...inPairs, seed: 2 }).results;
    const slow = (margin: number) => gateOf(base, head, margin).cells.find(({ mode }) => mode === 'slow')!;
    const { low, high } = slow(0.1).bootstrap!;
    const { note, verdict } = slow(1.0001 * Math.max(1 / low, high) - 1);
    assert.equal(verdict, 'inconclusive');
    const ends = `${low.toPrecision(4)}, ${high.toPrecision(4)}`;
    assert.equal(
      note,
      `by itself, at 95%, it is inconclusive by its interval over boots, but same by the hierarchical bootstrap’s [${ends}]`,
    );
    assert.equal(slow(0.5).note, null);
  });

  it('does not take another draw of the boots for a slowdown, as blocks would', () => {
    const moved: Simulation = {
      ...inPairs,
      value: (trial: PlannedTrial, sample, noise, warmup, target) =>
        inPairs.value!({ ...trial, block: trial.block + 20 }, sample, noise, warmup, target),
    };
    const blind = { bootOf: () => 'one' };
    const gate = (over: Simulation) =>
      gateOf(
        simulatedRun({ ...inPairs, ...over, seed: 1 }).results,
        simulatedRun({ ...moved, ...over, seed: 2 }).results,
        0.001,
      ).cells.find(({ mode }) => mode === 'slow')!;
    assert.equal(gate({}).verdict, 'inconclusive');
    assert.equal(gate(blind).bootstrap, null);
    assert.ok(gate({}).p > gate(blind).p);
  });

  it('says the same as ever where each run had one boot', () => {
    const [first, second] = [1, 2].map((seed) => simulatedRun({ seed }));
    const cell = gateOf(first!.results, second!.results).cells.find(({ mode }) => mode === 'slow')!;
    assert.deepEqual([cell.bootstrap, cell.note, cell.base.units], [null, null, 10]);
    assert.equal(comparisonsOf(first!.experiment, first!.plan, recordOf(first!.events))[0]!.boots, 1);
  });
});
