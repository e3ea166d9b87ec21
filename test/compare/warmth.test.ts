import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { warmthOf } from '../../src/compare/warmth.ts';
import { seeded } from '../../src/statistics/prng.ts';
import { standardNormal } from '../statistics/draws.ts';
import { type Simulation, simulatedRun } from './simulated-run.ts';

const design = '{ blocks: 6, samples: 36, warmup: 4 }';

/** A trial's times, by iteration from its first warm-up run. */
const shaped = (shape: (iteration: number) => number): Simulation => ({
  design,
  value: (_, sample, noise, warmup) => 100 * shape(warmup ? sample : sample + 4) * Math.exp(0.005 * noise),
});
const of = (simulation: Simulation) => simulatedRun(simulation).results;

describe('the warmth of a trial', () => {
  it('is flat where nothing changes, and the cold start is told apart', () => {
    const { warmth, warnings } = of(shaped((i) => (i === 0 ? 2 : 1)));
    assert.deepEqual(
      warmth.map(({ mode, kind, iterations, warmup }) => [mode, kind, iterations, warmup]),
      [
        ['native', 'flat', 40, 4],
        ['slow', 'flat', 40, 4],
      ],
    );
    assert.ok(Math.abs(warmth[0]!.coldStart! - 0.5) < 0.01);
    assert.deepEqual(warnings, []);
  });

  it('is a warm-up where the end is fastest, with a warning where it reaches into the samples', () => {
    const { warmth, warnings } = of(shaped((i) => (i < 12 ? 1.2 : 1)));
    assert.deepEqual([warmth[0]!.kind, warmth[0]!.steadyFrom], ['warm-up', 12]);
    assert.equal(warnings[0]!.code, 'warm-up-in-samples');
    assert.match(warnings[0]!.text, /set design\.warmup to 12 or more/);
  });

  it('is a slowdown where the end is slower', () => {
    const { warmth, warnings } = of(shaped((i) => (i < 15 ? 1 : 1.1)));
    assert.deepEqual([warmth[0]!.kind, warmth[0]!.steadyFrom], ['slowdown', 15]);
    assert.ok(Math.abs(warmth[0]!.change! + 0.09) < 0.02, String(warmth[0]!.change));
    assert.match(warnings[0]!.text, /slower from run 16/);
  });

  it('is no steady state where the last quarter changes', () => {
    const { warmth, warnings } = of(shaped((i) => (i < 33 ? 1 : 1.3)));
    assert.equal(warmth[0]!.kind, 'no steady state');
    assert.match(warnings[0]!.text, /raise design\.warmup and design\.samples/);
  });

  it('reads rates the other way round', () => {
    const workloads =
      '  - { use: command, name: work, run: ./w, metric: { name: rate, field: r, unit: MB/s, better: higher } }';
    const { warmth } = of({ ...shaped((i) => (i < 12 ? 0.8 : 1)), workloads });
    assert.deepEqual([warmth[0]!.kind, warmth[0]!.steadyFrom], ['warm-up', 12]);
  });

  it('can be told of ten iterations, and not of nine', () => {
    const kind = (samples: number) =>
      of({ design: `{ blocks: 3, samples: ${samples}, warmup: 2 }` }).warmth[0]!.kind;
    assert.deepEqual([kind(8), kind(7)], ['flat', 'too short to tell']);
  });

  it('is searched for changes of two iterations below 25, and of five from there on', () => {
    const kind = (samples: number) =>
      of({ ...shaped((i) => (i < 3 ? 1.5 : 1)), design: `{ blocks: 6, samples: ${samples}, warmup: 4 }` })
        .warmth[0]!.kind;
    assert.deepEqual([kind(20), kind(21)], ['warm-up', 'flat']);
  });

  it('can’t be told of few iterations', () => {
    const [one] = of({}).warmth;
    assert.deepEqual([one!.kind, one!.steadyFrom], ['too short to tell', null]);
  });

  it('is flat in 97% of trials of noise alone', () => {
    const random = seeded('flat');
    const trials = Array.from({ length: 500 }, (_, index) => ({
      mode: 'm',
      workload: String(index),
      metric: 'x',
      better: 'lower' as const,
      warmup: 0,
      values: Array.from({ length: 40 }, () => 0.05 * standardNormal(random)),
    }));
    const flat = warmthOf(trials, 1).filter(({ kind }) => kind === 'flat').length;
    assert.ok(flat >= 485 && flat < 500, `${flat} of 500`);
  });
});
