/** What the step in which values come leaves open about a ratio. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { gateOf } from '../../src/gate/gate.ts';
import type { PlannedTrial } from '../../src/plan/plan.ts';
import { type Simulation, simulatedRun } from './simulated-run.ts';

const DESIGN = '{ blocks: 12, samples: 4, warmup: 1, margin: 0.1% }';
const run = (simulation: Simulation) => simulatedRun({ design: DESIGN, ...simulation }).results;
/** Every sample of a mode the same. */
const constant =
  (native: number, slow: number): Simulation['value'] =>
  ({ mode }) =>
    mode === 'slow' ? slow : native;

describe('a difference of one step in every sample', () => {
  const { comparisons, suites, warnings } = run({ value: constant(100, 101) });
  const [one] = comparisons;

  it('is inconclusive, with an interval that holds 1 and a p that says nothing', () => {
    assert.equal(one!.verdict, 'inconclusive');
    assert.ok(one!.low! < 1 && 1.02 < one!.high!, `${one!.low} to ${one!.high}`);
    assert.equal(one!.p, 1);
    assert.ok(suites[0]!.low! < 1 && 1 < suites[0]!.high!);
  });

  it('is told with the step and where it is known from, and warned of', () => {
    assert.deepEqual(
      [one!.tick!.mode, one!.tick!.baseline].map((tick) => [tick!.step, tick!.evidence]),
      [
        [1, 'steps'],
        [1, 'steps'],
      ],
    );
    const [warning] = warnings.filter(({ code }) => code === 'coarse-figure');
    assert.match(
      warning!.text,
      /^slow, work: time: its figures come in steps of 1 ms \(the smallest step between recorded values\)/,
    );
    assert.match(one!.note!, /within one step/);
  });

  it('is never faster or slower, whatever the step and how many of it a figure is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5000 }),
        fc.constantFrom(0.001, 0.25, 1, 10, 1 / 3),
        (ticks, step) => {
          const [found] = run({ value: constant(ticks * step, (ticks + 1) * step) }).comparisons;
          assert.ok(['same', 'inconclusive'].includes(found!.verdict), `${ticks} of ${step}`);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is so of a rate as well, whose steps are even in time and not in the rate', () => {
    const workloads =
      '  - { use: command, name: work, run: ./work, metric: { name: rate, field: t, unit: MB/s, better: higher } }\n';
    const [found] = run({ workloads, value: constant(1e6 / 100, 1e6 / 101) }).comparisons;
    assert.equal(found!.verdict, 'inconclusive');
  });

  it('fails no gate', () => {
    const [base, head] = [constant(100, 100), constant(100, 101)].map((value) => run({ value }));
    const slow = gateOf(base!, head!).cells.find(({ mode }) => mode === 'slow');
    assert.deepEqual([slow!.verdict, slow!.low! < 1 && 1 < slow!.high!], ['inconclusive', true]);
    assert.equal(slow!.p, 1);
  });
});

describe('the guest’s clock, where the figure is a duration by it', () => {
  /** Durations with 0.001% of noise, read by a clock whose tick is 1 ms. */
  const value = (factor: number) =>
    (({ mode }: PlannedTrial, _: number, noise: number) =>
      200 * (mode === 'slow' ? factor : 1) * Math.exp(1e-5 * noise)) satisfies Simulation['value'];
  const timed = (factor: number, tickNs: number) =>
    run({ value: value(factor), byClock: true, tickNs }).comparisons[0]!;

  it('bounds the interval by its tick, in both arms', () => {
    const found = timed(1.004, 1e6);
    assert.equal(found.verdict, 'inconclusive');
    assert.deepEqual([found.tick!.mode!.step, found.tick!.mode!.evidence], [1, 'clock']);
    assert.ok(found.low! < 1 && found.high! > 1.008);
  });

  it('says nothing of a difference that is many ticks', () => {
    assert.equal(timed(1.1, 1e6).verdict, 'slower');
  });

  it('does not matter where the tick is far finer than what the figures scatter', () => {
    const found = timed(1.004, 10);
    assert.deepEqual([found.verdict, found.tick], ['slower', undefined]);
  });

  it('is not taken for the step of a figure that the program told', () => {
    const found = run({ value: value(1.004), durationNs: () => 300e6, tickNs: 1e6 }).comparisons[0]!;
    assert.deepEqual([found.verdict, found.tick], ['slower', undefined]);
  });
});

describe('figures that scatter over more than their step', () => {
  it('average it out, and have the interval of their scatter alone', () => {
    const value = (digits: number) =>
      (({ mode }: PlannedTrial, _: number, noise: number) =>
        Number(((mode === 'slow' ? 110 : 100) + 3 * noise).toFixed(digits))) satisfies Simulation['value'];
    const [rounded, exact] = [run({ value: value(0) }), run({ value: value(9) })].map(
      ({ comparisons }) => comparisons[0]!,
    );
    assert.deepEqual([rounded!.verdict, rounded!.tick], ['slower', undefined]);
    const width = (one: typeof rounded) => Math.log(one!.high! / one!.low!);
    assert.ok(width(rounded) < 1.2 * width(exact), `${width(rounded)} and ${width(exact)}`);
  });
});

describe('figures without any scatter', () => {
  it('are the same where all are one, which tells no step', () => {
    const [found] = run({ value: constant(2.5, 2.5) }).comparisons;
    assert.deepEqual([found!.verdict, found!.tick], ['same', undefined]);
  });

  it('are slower where the difference is many steps of what they are multiples of', () => {
    assert.equal(run({ value: constant(100, 143.7) }).comparisons[0]!.verdict, 'slower');
  });
});
