import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateExitCode, gateOf } from '../../src/gate/gate.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { gateOutcome, gateWords } from '../../src/report/gate-text.ts';
import { WORK, base, factor, run } from './two-runs.ts';

/** `native`, and custom modes of these names, with the options of the usual `slow`. */
const modesOf = (...names: string[]) =>
  [
    '  native: { use: native, on: a }',
    ...names.map((name) => `  ${name}: { use: custom, on: b, environment: { LEVEL: one } }`),
  ].join('\n');

describe('a gate of runs that have not the same cells', () => {
  it('is incomplete where HEAD lacks a cell or lost trials, unless a cell is slower', () => {
    const lost = (trial: PlannedTrial) =>
      trial.mode === 'slow' ? ({ kind: 'void', reason: 'x' } as const) : ({ kind: 'completed' } as const);
    const gate = gateOf(base, run({ seed: 2, outcome: lost }));
    assert.deepEqual(gate.missing, [{ mode: 'slow', workload: 'work', metric: 'time' }]);
    assert.deepEqual([gate.removed, gate.added, gate.whole], [[], [], false]);
    assert.match(
      gateOutcome(gate),
      /^incomplete: HEAD lacks figures\. To measure them: vgpubench resume RUN --retry$/,
    );
    assert.deepEqual([gate.outcome, gateExitCode(gate)], ['incomplete', 4]);
    const one = (trial: PlannedTrial) =>
      trial.block === 1 ? ({ kind: 'void', reason: 'x' } as const) : ({ kind: 'completed' } as const);
    assert.equal(gateOf(base, run({ seed: 2, outcome: one })).outcome, 'incomplete');
    assert.equal(gateOf(base, run({ seed: 2, outcome: one, value: factor(1.2) })).outcome, 'slower');
    assert.equal(gateOf(base, run({ seed: 2, endReason: null })).outcome, 'incomplete');
    assert.equal(gateOf(base, run({ seed: 2, endReason: 'budget' })).outcome, 'passed');
    const cut = run({ seed: 2, endReason: 'budget' });
    const whole = gateOf(base, { ...cut, cells: cut.cells.filter(({ mode }) => mode === 'native') });
    assert.deepEqual([whole.whole, whole.missing.length, whole.outcome], [true, 1, 'incomplete']);
    const none = gateOf(base, run({ seed: 2, upTo: 0 }));
    assert.deepEqual([none.cells.length, none.outcome], [0, 'incomplete']);
  });

  it('tells what HEAD was asked for no more from what it lost: no retry brings it back', () => {
    const wider = run({ seed: 1, modes: modesOf('slow', 'third') });
    const gate = gateOf(wider, run({ seed: 2 }));
    assert.deepEqual(
      [gate.missing, gate.removed, gate.added],
      [[], [{ mode: 'third', workload: 'work', metric: 'time' }], []],
    );
    assert.deepEqual([gate.outcome, gateExitCode(gate)], ['incomplete', 4]);
    assert.deepEqual(
      gate.warnings.map(({ code }) => code),
      ['raw-baseline', 'cell-removed'],
    );
    assert.match(gate.warnings[1]!.text, /Restore it, or use a new BASE: third, work: time$/);
    assert.match(gateOutcome(gate), /^incomplete: HEAD no longer has a cell of BASE\. Restore/);
    const other = gateOf(run({ seed: 1, workloads: WORK + WORK.replace('name: work', 'name: more') }), base);
    assert.deepEqual(
      other.removed.map(({ mode, workload }) => [mode, workload]),
      [
        ['native', 'more'],
        ['slow', 'more'],
      ],
    );
    assert.match(gateOutcome(other), /^incomplete: HEAD no longer has 2 cells of BASE/);
    const both = gateOf(wider, run({ seed: 2, endReason: 'interrupted' }));
    assert.match(
      gateOutcome(both),
      /^incomplete: HEAD lacks figures\. .*--retry.*; HEAD no longer has a cell/,
    );
    assert.equal(gateOf(wider, run({ seed: 2, value: factor(1.2) })).outcome, 'slower');
  });

  it('takes a figure under another name for one removed and one new', () => {
    const [was, is] = [1, 2].map((seed) => {
      const results = structuredClone(run({ seed }));
      const cells = structuredClone(results.cells).map((cell) => ({ ...cell, metric: `old-or-new-${seed}` }));
      return { ...results, cells: [...results.cells, ...cells] };
    });
    const gate = gateOf(was!, is!);
    assert.deepEqual(
      [gate.missing, gate.removed, gate.added].map((cells) => cells.map(({ metric }) => metric)),
      [[], ['old-or-new-1', 'old-or-new-1'], ['old-or-new-2', 'old-or-new-2']],
    );
    assert.equal(gate.outcome, 'incomplete');
  });

  it('takes no name that every object has for one of BASE', () => {
    const gate = gateOf(base, run({ seed: 2, modes: modesOf('slow', 'constructor') }));
    assert.deepEqual(
      gate.added.map(({ mode }) => mode),
      ['constructor'],
    );
  });

  it('names what HEAD alone has, and passes', () => {
    const modes = ['slow', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7'];
    const gate = gateOf(base, run({ seed: 2, modes: modesOf(...modes) }));
    assert.deepEqual(
      gate.added.map(({ mode }) => mode),
      modes.slice(1),
    );
    assert.deepEqual(
      gate.cells.map(({ mode }) => mode),
      ['native', 'slow'],
    );
    const text = gate.warnings.find(({ code }) => code === 'cell-new')!.text;
    assert.match(
      text,
      /^only in HEAD, .* counts from the next BASE on: m2, work: time; .*; m6, work: time and 1 more$/,
    );
    assert.deepEqual([gate.outcome, gateExitCode(gate)], ['passed', 0]);
    const words = gateWords(gate);
    assert.ok(words.includes(`warning: ${text}`));
    assert.match(words.at(-1)!, /^gate: passed/);
  });
});
