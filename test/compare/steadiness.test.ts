import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Simulation, simulatedRun } from './simulated-run.ts';

const design = '{ blocks: 20, samples: 2, warmup: 0 }';
const over = (level: (block: number) => number): Simulation => ({
  design,
  value: ({ block }, _, noise) => 100 * level(block) * Math.exp(0.005 * noise),
});
const codes = (simulation: Simulation) => simulatedRun(simulation).results.warnings.map(({ code }) => code);

describe('over its blocks a run', () => {
  it('that stays as it is raises no doubt', () => {
    assert.deepEqual(codes(over(() => 1)), []);
  });

  it('that drifts is told of, by how much and what to do, a warning a cell', () => {
    const { warnings } = simulatedRun(over((block) => 1 + 0.005 * block)).results;
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['drift', 'drift'],
    );
    assert.match(
      warnings[0]!.text,
      /native, work: time: its figure rose by (8|9)\.\d% steadily over 20 blocks.*fix its clocks/,
    );
  });

  it('that steps is told of, with the block and the time', () => {
    // A dip in the middle, which is no trend.
    const { warnings } = simulatedRun(over((block) => (block > 7 && block < 14 ? 0.9 : 1))).results;
    assert.ok(warnings.length >= 2 && warnings.every(({ code }) => code === 'step'));
    assert.match(warnings[0]!.text, /fell by 10\.\d% at block 8 \(2030-01-01T/);
  });

  it('that steps once is not said to drift, though a line through it rises', () => {
    for (const at of [6, 11, 16]) {
      const { warnings } = simulatedRun({ ...over((block) => (block < at ? 1 : 1.1)), seed: at }).results;
      assert.deepEqual(
        warnings.map(({ code }) => code),
        ['step', 'step'],
      );
      for (const { text } of warnings)
        assert.match(text, new RegExp(`rose by (9|10)\\.\\d% at block ${at} `));
    }
  });

  it('is not accused of what is too small to matter', () => {
    assert.deepEqual(codes(over((block) => 1 + 0.0005 * block)), []);
  });
});
