/** A BASE that lacks something can't vouch for HEAD: what it lacks may have got slower. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { gateExitCode, gateOf } from '../../src/gate/gate.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { gateOutcome } from '../../src/report/gate-text.ts';
import { simulatedRun, type Simulation } from '../compare/simulated-run.ts';

const run = (simulation: Simulation = {}) => simulatedRun(simulation).results;
const failing = (fails: (trial: PlannedTrial) => boolean): NonNullable<Simulation['outcome']> => {
  return (trial) =>
    fails(trial) ? { kind: 'failed', reason: 'x', transport: false } : { kind: 'completed' };
};
const codes = ({ warnings }: { warnings: readonly { code: string }[] }) => warnings.map(({ code }) => code);
const slowed: Simulation['value'] = ({ mode }, _, noise) =>
  100 * (mode === 'slow' ? 1.5 : 1) * Math.exp(0.01 * noise);

describe('a gate against a BASE that lacks something', () => {
  it('does not pass where a cell failed in BASE: it is not new, and nobody can tell what it did', () => {
    const base = run({ seed: 1, outcome: failing(({ mode }) => mode === 'slow') });
    const gate = gateOf(base, run({ seed: 2, value: slowed }));
    assert.deepEqual([gate.lost, gate.added], [[{ mode: 'slow', workload: 'work', metric: 'time' }], []]);
    assert.deepEqual([gate.outcome, gateExitCode(gate)], ['incomplete', 4]);
    assert.ok(codes(gate).includes('cell-lost-in-base') && !codes(gate).includes('cell-new'));
    assert.match(gateOutcome(gate), /^incomplete: BASE lacks figures.*resume BASE --retry[^;]*$/);
  });

  it('tells a figure that BASE printed no word of from a trial that failed there', () => {
    const head = structuredClone(run({ seed: 2 }));
    head.cells.push(...structuredClone(head.cells).map((cell) => ({ ...cell, metric: 'more' })));
    const gate = gateOf(run({ seed: 1 }), head);
    assert.deepEqual([gate.lost.length, gate.added.length, gate.outcome], [0, 2, 'passed']);
  });

  for (const [endReason, reason] of [
    [null, /it was killed with 18 left/],
    ['interrupted', /it was interrupted with 18 left/],
  ] as const)
    it(`does not pass where BASE was cut off after 3 of 12 blocks: ${endReason}`, () => {
      const design = '{ blocks: 12, samples: 2, warmup: 1, margin: 3% }';
      const gate = gateOf(run({ seed: 1, design, upTo: 6, endReason }), run({ seed: 2, design }));
      assert.deepEqual([gate.whole, gate.baseCutOff, gate.outcome], [true, true, 'incomplete']);
      const warning = gate.warnings.find(({ code }) => code === 'base-incomplete')!;
      assert.match(warning.text, /^BASE has 6 of its 24 trials: /);
      assert.match(warning.text, reason);
    });

  it('warns, and leaves it to the intervals, where BASE spent its budget or lost a trial', () => {
    const budget = run({ seed: 1, upTo: 12, endReason: 'budget' });
    const spent = gateOf(budget, run({ seed: 2 }));
    assert.ok(
      spent.warnings.some(({ text }) => /^BASE has 12 of its 20 trials: its budget was spent/.test(text)),
    );
    const lossy = run({ seed: 1, outcome: failing(({ block }) => block === 4) });
    const lost = gateOf(lossy, run({ seed: 2 }));
    assert.ok(lost.warnings.some(({ text }) => /18 of its 20 trials: 2 failed, timed out/.test(text)));
    assert.deepEqual([spent.outcome, lost.outcome], ['passed', 'passed']);
  });

  it('has no word for a BASE that is whole, or ended once its intervals were narrow enough', () => {
    const precise: Results = { ...run({ seed: 1, upTo: 16 }), endReason: 'precision' };
    for (const base of [run({ seed: 1 }), precise])
      assert.ok(!codes(gateOf(base, run({ seed: 2 }))).includes('base-incomplete'));
  });
});

describe('an option that BASE’s vgpubench did not have', () => {
  const modes =
    '  native: { use: native, on: a }\n  slow: { use: custom, on: b, environment: { LEVEL: one } }';
  const without = (results: Results, ...keys: string[]): Results => {
    const old = structuredClone(results);
    const kept = Object.entries(old.specification.modes['slow']!).filter(([key]) => !keys.includes(key));
    old.specification.modes['slow'] = Object.fromEntries(kept);
    return old;
  };
  const prepared = modes.replace('LEVEL: one }', 'LEVEL: one }, prepare: [./ready], restore: [./rest]');

  it('is its default there', () => {
    const old = without(run({ seed: 1, modes }), 'prepare', 'wake', 'environment');
    const head = run({ seed: 2, modes: modes.replace(', environment: { LEVEL: one }', '') });
    assert.ok('prepare' in head.specification.modes['slow']!, 'or there would be nothing to compare');
    assert.equal(gateOf(old, head).outcome, 'passed');
    assert.equal(gateOf(head, old).outcome, 'passed');
  });

  it('is refused where HEAD has another value', () => {
    const old = without(run({ seed: 1, modes }), 'prepare', 'restore');
    assert.throws(() => gateOf(old, run({ seed: 2, modes: prepared })), {
      code: 'VGB-COMPARE-MODE',
      expected: 'prepare: [], as in BASE',
    });
  });

  it('is its default in a workload, too', () => {
    const workloads = '  - { use: clpeak, name: work }\n';
    const [base, head] = [1, 2].map((seed) => run({ seed, workloads }));
    const old = structuredClone(base!);
    delete old.specification.workloads['work']!['format'];
    assert.equal(gateOf(old, head!).outcome, 'passed');
    const json = run({ seed: 2, workloads: '  - { use: clpeak, name: work, format: json }\n' });
    assert.throws(() => gateOf(old, json), { code: 'VGB-COMPARE-WORKLOAD' });
  });

  it('leaves what no kind of this version knows as it is', () => {
    const strange = structuredClone(run({ seed: 1 }));
    strange.specification.modes['slow'] = { use: 'of-tomorrow', knob: 3 };
    assert.throws(() => gateOf(strange, run({ seed: 2 })), { code: 'VGB-COMPARE-MODE' });
    const both = structuredClone(run({ seed: 2 }));
    both.specification.modes['slow'] = { use: 'of-tomorrow', knob: 3 };
    assert.equal(gateOf(strange, both).outcome, 'passed');
  });
});
