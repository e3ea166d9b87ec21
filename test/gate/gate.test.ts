import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateExitCode, gateOf } from '../../src/gate/gate.ts';
import { verdictOf } from '../../src/compare/verdict.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { Problem } from '../../src/problem.ts';
import { gateOutcome, gateRow, gateWords } from '../../src/report/gate-text.ts';
import { type Simulation, simulatedRun } from '../compare/simulated-run.ts';

const run = (simulation: Simulation = {}) => simulatedRun(simulation).results;
const base = run({ seed: 1 });

/** Values of which `slow` takes `factor` times as long as in the usual simulation, and everything `all` times. */
function factor(slow: number, all = 1, sd = 0.01): Simulation['value'] {
  return ({ mode }: PlannedTrial, _: number, noise: number) =>
    100 * all * (mode === 'slow' ? 1.1 * slow : 1) * Math.exp(sd * noise);
}

const WORK =
  '  - { use: command, name: work, run: ./work, metric: { name: time, field: t, unit: ms, better: lower } }\n';

/** `native`, and custom modes of these names, with the options of the usual `slow`. */
const modesOf = (...names: string[]) =>
  [
    '  native: { use: native, on: a }',
    ...names.map((name) => `  ${name}: { use: custom, on: b, environment: { LEVEL: one } }`),
  ].join('\n');

const cellOf = (gate: ReturnType<typeof gateOf>, mode: string) =>
  gate.cells.find((one) => one.mode === mode)!;

describe('a gate', () => {
  it('passes where nothing changed, and says so of every cell', () => {
    const gate = gateOf(base, run({ seed: 2 }));
    assert.deepEqual(
      gate.cells.map(({ mode, kind, verdict, gates }) => [mode, kind, verdict, gates]),
      [
        ['native', 'raw', 'same', true],
        ['slow', 'relative', 'same', true],
      ],
    );
    assert.deepEqual([gate.outcome, gateExitCode(gate)], ['passed', 0]);
  });

  it('finds a mode that got slower, and by how much, with more meaning better also for times', () => {
    const gate = gateOf(base, run({ seed: 2, value: factor(1.08) }));
    const { verdict, ratio, low, high } = cellOf(gate, 'slow');
    assert.equal(verdict, 'slower');
    assert.ok(low! < 1 / 1.08 && 1 / 1.08 < high! && Math.abs(ratio! - 1 / 1.08) < 0.02);
    assert.deepEqual([gate.outcome, gateExitCode(gate)], ['slower', 1]);
    assert.equal(cellOf(gateOf(base, run({ seed: 2, value: factor(0.92) })), 'slow').verdict, 'faster');
  });

  it('tells a mode that got slower from a baseline that got faster, by their own figures', () => {
    const native =
      (factor: number): Simulation['value'] =>
      ({ mode }, _, noise) =>
        100 * (mode === 'slow' ? 1.1 : factor) * Math.exp(0.001 * noise);
    const base = run({ seed: 1, value: native(1) });
    const moved = gateOf(base, run({ seed: 2, value: native(0.9) }));
    const { verdict, reason } = cellOf(moved, 'slow');
    assert.equal(verdict, 'slower');
    assert.match(
      reason!,
      /^by point estimates the baseline moved, and slow did not: by its own figures, slow has (99\.9|100)\S*% of its performance in BASE, and its baseline native 111\.\d%\. Look for/,
    );
    assert.ok(gateWords(moved).some((line) => line.includes(reason!)));
    assert.equal(cellOf(moved, 'native').reason, null);
    const slower = gateOf(base, run({ seed: 2, value: factor(1.1, 1, 0.001) }));
    assert.match(cellOf(slower, 'slow').reason!, /^by its own figures, slow has 90\.\d+% .* native 100/);
    assert.equal(cellOf(gateOf(base, base), 'slow').reason, null);
  });

  it('finds a rate that fell, by as much as it fell', () => {
    const workloads = WORK.replaceAll('time', 'rate').replace('ms', 'MB/s').replace('lower', 'higher');
    const [before, after] = [1, 0.9].map((share, seed) => run({ seed, workloads, value: factor(share) }));
    const { verdict, ratio } = cellOf(gateOf(before!, after!), 'slow');
    assert.equal(verdict, 'slower');
    assert.ok(Math.abs(ratio! - 0.9) < 0.02, `${ratio}`);
  });

  it('adjusts the p values of the cells that count, each by its own place among them', () => {
    const [native, slow] = gateOf(base, run({ seed: 2, value: factor(1.05) })).cells;
    assert.ok(native!.p !== slow!.p, 'or their order could not be seen');
    const least = Math.min(native!.p, slow!.p);
    for (const { p, adjustedP } of [native!, slow!])
      assert.equal(adjustedP, p === least ? Math.min(1, 2 * p) : Math.min(1, Math.max(p, 2 * least)));
  });

  it('says how many cells came out how, and of no verdict that none came to', () => {
    const sums = (value: Simulation['value']) => gateWords(gateOf(base, run({ seed: 2, value }))).at(-2)!;
    assert.match(sums(undefined), /Holm asks for over 2 cells: 2 same$/);
    assert.match(sums(factor(1.08)), /Holm asks for over 2 cells: 1 slower, 1 same$/);
  });

  it('takes no offence at a machine that is slower in every mode alike, but for the raw baseline', () => {
    const head = run({ seed: 2, value: factor(1, 1.5), fingerprint: { kernel: 'two' } });
    const gate = gateOf(base, head);
    const [native, slow] = [cellOf(gate, 'native'), cellOf(gate, 'slow')];
    assert.deepEqual([slow.verdict, native.verdict, native.gates], ['same', 'slower', false]);
    assert.equal(gate.outcome, 'passed');
    const same = gateOf(base, run({ seed: 2, value: factor(1, 1.5) }));
    assert.deepEqual([cellOf(same, 'native').gates, same.outcome], [true, 'slower']);
  });

  it('names each difference of the environment, and not the boot', () => {
    const { warnings } = gateOf(
      base,
      run({ seed: 2, fingerprint: { kernel: 'two', cpu: 'new', boot: 'x' } }),
    );
    const texts = warnings.filter(({ code }) => code === 'environment-changed').map(({ text }) => text);
    assert.equal(texts.length, 4);
    assert.match(texts[0]!, /target a: kernel was "one" and is "two"/);
    assert.match(texts[1]!, /target a: cpu was unknown and is "new"/);
    assert.doesNotMatch(texts.join(), /boot/);
    const none = gateOf(base, run({ seed: 2 })).warnings.map(({ code }) => code);
    assert.deepEqual(none, ['raw-baseline']);
  });

  it('warns of another warm-up', () => {
    const head = run({ seed: 2, design: '{ blocks: 10, samples: 2, warmup: 0, margin: 3% }' });
    assert.match(gateOf(base, head).warnings[0]!.text, /design.warmup was "1" and is "0"/);
  });

  it('is inconclusive where the noise hides it', () => {
    const gate = gateOf(base, run({ seed: 2, value: factor(1.05, 1, 0.2) }));
    assert.deepEqual([gate.outcome, gateExitCode(gate)], ['inconclusive', 3]);
  });

  it('is inconclusive where few blocks drag the mean, and says which', () => {
    const value: Simulation['value'] = ({ mode, block }, _, noise) =>
      100 * (mode === 'slow' && block === 3 ? 3 : 1) * Math.exp(0.001 * noise);
    const gate = gateOf(base, run({ seed: 2, value }), 0.5);
    const { verdict, note } = cellOf(gate, 'slow');
    assert.equal(verdict, 'inconclusive');
    assert.match(note!, /HEAD: few blocks drag the mean/);
  });

  it('takes a block that drags for what it is worth: nothing, where all blocks lie within the margin', () => {
    const odd: Simulation['value'] = ({ mode, block }) =>
      (mode === 'slow' ? 113.7 : 100) * (mode === 'slow' && block === 3 ? 1.001 : 1);
    const flat = run({ seed: 1, value: ({ mode }) => (mode === 'slow' ? 113.7 : 100) });
    const { verdict, note } = cellOf(gateOf(flat, run({ seed: 2, value: odd })), 'slow');
    assert.deepEqual([verdict, note], ['same', null]);
    assert.equal(cellOf(gateOf(flat, run({ seed: 2, value: odd }), 0.0005), 'slow').verdict, 'inconclusive');
  });

  it('is incomplete where HEAD lacks a cell or lost trials, unless a cell is slower', () => {
    const lost = (trial: PlannedTrial) =>
      trial.mode === 'slow' ? ({ kind: 'void', reason: 'x' } as const) : ({ kind: 'completed' } as const);
    const gate = gateOf(base, run({ seed: 2, outcome: lost }));
    assert.deepEqual(gate.missing, [{ mode: 'slow', workload: 'work', metric: 'time' }]);
    assert.deepEqual([gate.removed, gate.added, gate.whole], [[], [], false]);
    assert.match(gateOutcome(gate), /^incomplete: HEAD lacks figures\. vgpubench resume RUN --retry[^;]*$/);
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
    assert.match(gate.warnings[1]!.text, /Put it back, or take a new BASE: third, work: time$/);
    assert.match(gateOutcome(gate), /^incomplete: HEAD has a cell of BASE no more\. Put back/);
    const other = gateOf(run({ seed: 1, workloads: WORK + WORK.replace('name: work', 'name: more') }), base);
    assert.deepEqual(
      other.removed.map(({ mode, workload }) => [mode, workload]),
      [
        ['native', 'more'],
        ['slow', 'more'],
      ],
    );
    assert.match(gateOutcome(other), /^incomplete: HEAD has 2 cells of BASE no more/);
    const both = gateOf(wider, run({ seed: 2, endReason: 'interrupted' }));
    assert.match(gateOutcome(both), /^incomplete: HEAD lacks figures\. .*--retry.*; HEAD has a cell/);
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
      /^in HEAD alone, .* counts from the next BASE on: m2, work: time; .*; m6, work: time and 1 more$/,
    );
    assert.deepEqual([gate.outcome, gateExitCode(gate)], ['passed', 0]);
    const words = gateWords(gate);
    assert.ok(words.includes(`warning: ${text}`));
    assert.match(words.at(-1)!, /^gate: passed/);
  });

  it('has of every cell that counts the verdict of the interval that is printed', () => {
    for (const seed of [2, 3, 4])
      for (const sd of [0.01, 0.03, 0.06]) {
        const gate = gateOf(base, run({ seed, value: factor(1.06, 1, sd) }));
        for (const { verdict, low, high, note } of gate.cells)
          if (!/drag/.test(note ?? '')) assert.equal(verdict, verdictOf(low, high, 'higher', gate.margin));
      }
  });

  it('asks of a cell among many more than of one alone (Holm)', () => {
    const names = Array.from({ length: 20 }, (_, i) => `w${i}`);
    const workloads = names
      .map(
        (name) =>
          `  - { use: command, name: ${name}, run: ./w, metric: { name: time, field: t, unit: ms, better: lower } }`,
      )
      .join('\n');
    // Just beyond the margin: enough for its own interval, not among forty.
    const value: Simulation['value'] = ({ mode, workload }, sample, noise) =>
      100 * (mode === 'slow' && workload === 'w0' ? 1.042 : 1) * Math.exp(0.015 * noise + 0 * sample);
    const nothing: Simulation['value'] = (_, __, noise) => 100 * Math.exp(0.015 * noise);
    const many = gateOf(run({ seed: 3, workloads, value: nothing }), run({ seed: 4, workloads, value }));
    const cell = many.cells.find(({ mode, workload }) => mode === 'slow' && workload === 'w0')!;
    assert.ok(cell.p < 0.05 && cell.adjustedP > 0.05, `${cell.p}, ${cell.adjustedP}`);
    assert.equal(cell.verdict, 'inconclusive');
    // What is printed beside a verdict is the interval that it is from, with its confidence.
    assert.equal(cell.confidence, 1 - 0.05 / 40);
    assert.ok(cell.low! < 1 / 1.03 && cell.high! > 1 / 1.03, `${cell.low} to ${cell.high}`);
    assert.match(gateRow(cell, many)[6]!, /^9\d\.\d% to 9\d\.\d% \(Holm: 99\.875%\)$/);
    const same = many.cells.find(({ verdict }) => verdict === 'same')!;
    assert.equal(same.confidence, many.confidence);
    assert.doesNotMatch(gateRow(same, many)[6]!, /Holm/);
  });
});

describe('a gate refuses', () => {
  const refused = (simulation: Simulation, code: string, found: RegExp) => {
    assert.throws(
      () => gateOf(base, run({ seed: 2, ...simulation })),
      (error) =>
        error instanceof Problem &&
        error.code === code &&
        error.exitCode === 2 &&
        error.next !== undefined &&
        found.test(`${error.expected} ${error.found}`),
    );
  };
  const workload = (rest: string) => `  - { use: command, name: work, ${rest} }`;

  it('another baseline', () => {
    refused({ baseline: 'slow' }, 'VGB-COMPARE-BASELINE', /native, as in BASE slow/);
  });

  it('other mode options, but not other names of targets', () => {
    const modes = (slow: string) => `  native: { use: native, on: c }\n  slow: { use: custom, ${slow} }`;
    refused(
      { modes: modes('on: b, environment: { LEVEL: two }') },
      'VGB-COMPARE-MODE',
      /"LEVEL":"one".*"LEVEL":"two"/,
    );
    refused({ modes: modes('on: [a, b], environment: { LEVEL: one }') }, 'VGB-COMPARE-MODE', /targets: 2/);
    gateOf(base, run({ seed: 2, modes: modes('on: a, environment: { LEVEL: one }') }));
  });

  it('another command line of a workload, unit or direction', () => {
    const metric = 'metric: { name: time, field: t, unit: ms, better: lower }';
    refused({ workloads: workload(`run: ./work 2, ${metric}`) }, 'VGB-COMPARE-WORKLOAD', /\.\/work 2/);
    const other = structuredClone(run({ seed: 2 }));
    for (const cell of other.cells) cell.better = 'higher';
    assert.throws(() => gateOf(base, other), { code: 'VGB-COMPARE-METRIC', exitCode: 2 });
    // What only limits time or plausibility may differ.
    gateOf(base, run({ seed: 2, workloads: workload(`run: ./work, timeout: 9s, ${metric}`) }));
  });

  it('runs without a cell in common', () => {
    refused(
      { workloads: '  - { use: command, name: other, run: ./work, metric: { duration: true } }' },
      'VGB-COMPARE-NOTHING',
      /native, work: time.*native, other/,
    );
  });
});
