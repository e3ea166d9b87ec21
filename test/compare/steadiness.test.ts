import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { steadinessWarnings } from '../../src/compare/steadiness.ts';
import { trendOf } from '../../src/statistics/trend.ts';
import { type Simulation, simulatedRun } from './simulated-run.ts';
import { cellOf } from './cell-of.ts';
import { derive } from '../../src/statistics/prng.ts';
import { autoregressive } from '../statistics/series.ts';

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

  it('is tested for drifts alone, at the whole level, where it is too short for steps', () => {
    const line = (blocks: number, slope: number) =>
      Array.from({ length: blocks }, (_, i) => slope * i + (i % 2 === 0 ? 1 : -1) * 0.01 * (i % 3));
    const [short, long] = [line(8, 0.007), line(10, 0.0035)];
    for (const logs of [short, long]) assert.ok(trendOf(logs).p > 0.025 && trendOf(logs).p < 0.05);
    assert.deepEqual(
      steadinessWarnings([cellOf(short)], 1).map(({ code }) => code),
      ['drift'],
    );
    assert.deepEqual(steadinessWarnings([cellOf(long)], 1), [], 'two tests share the level there');
  });

  it('is seldom said to step or drift where each block only resembles the one before', () => {
    const found = (correlation: number) =>
      Array.from({ length: 60 }, (_, i) => {
        const logs = autoregressive(60, correlation, derive('wandering', i)).map((value) => 0.02 * value);
        return steadinessWarnings([cellOf(logs)], i).length > 0;
      }).filter(Boolean).length;
    // Permuting single blocks calls some 50 of 60 a step or drift.
    assert.ok(found(0.8) <= 25, `${found(0.8)} of 60`);
  });

  it('is not accused of what is too small to matter', () => {
    assert.deepEqual(codes(over((block) => 1 + 0.0005 * block)), []);
  });
});
