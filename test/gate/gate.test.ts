import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateExitCode, gateOf } from '../../src/gate/gate.ts';
import { verdictOf } from '../../src/compare/verdict.ts';
import { gateRow, gateWords } from '../../src/report/gate-text.ts';
import type { Simulation } from '../compare/simulated-run.ts';
import { WORK, base, factor, run } from './two-runs.ts';

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
      /^by point estimates the baseline moved, and slow did not: by their own figures, slow has (99\.9|100)\S*% of its performance in BASE, and its baseline native 111\.\d%\. Find out/,
    );
    assert.ok(gateWords(moved).some((line) => line.includes(reason!)));
    assert.equal(cellOf(moved, 'native').reason, null);
    const slower = gateOf(base, run({ seed: 2, value: factor(1.1, 1, 0.001) }));
    assert.match(cellOf(slower, 'slow').reason!, /^by their own figures, slow has 90\.\d+% .* native 100/);
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
    assert.match(sums(undefined), /over 2 cells for cells that are not the same: 2 same$/);
    assert.match(sums(factor(1.08)), /over 2 cells for cells that are not the same: 1 slower, 1 same$/);
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
