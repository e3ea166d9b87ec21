/** Guests that run together: what they get done, and how evenly, of runs in which both are known. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chartsOf } from '../../src/chart/charts.ts';
import { resultsSchema } from '../../src/compare/results.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { jainIndex } from '../../src/statistics/fairness.ts';
import { close } from '../statistics/reference.ts';
import { type Simulation, simulatedRun } from './simulated-run.ts';

const modes = `  one: { use: custom, on: a }
  two: { use: custom, on: [a, b] }
  three: { use: custom, on: [a, b, c] }
  other: { use: custom, on: a, environment: { A: b } }`;
const work = (metric: string) => `  - { use: command, name: work, run: ./w, metric: ${metric} }`;
const TIME = work('{ name: time, field: t, unit: ms, better: lower }');
const RATE = work('{ name: rate, field: r, unit: MB/s, better: higher }');

/** Each guest takes `share` of 100 ms by number of guests; the second of two is the slower. */
const run = (over: Simulation = {}) =>
  simulatedRun({
    baseline: 'one',
    modes,
    workloads: TIME,
    value: ({ mode }, _, noise, __, target) => {
      const ms = { one: 100, other: 90, two: target === 'a' ? 125 : 160, three: 240 }[mode]!;
      return ms * Math.exp(0.005 * noise);
    },
    ...over,
  }).results;

describe('guests together', () => {
  const { sharing } = run();
  const of = (mode: string) => sharing.find((one) => one.mode === mode)!;

  it('are a row a mode of the family that has several guests, by their number', () => {
    assert.deepEqual(
      sharing.map(({ family, mode, guests, trials, unit }) => [family, mode, guests, trials, unit]),
      [
        ['one', 'one', 1, 10, 'runs/s'],
        ['one', 'two', 2, 10, 'runs/s'],
        ['one', 'three', 3, 10, 'runs/s'],
      ],
    );
  });

  it('get done what they all did by the time that the last of them is through', () => {
    for (const [mode, expected] of [
      ['one', 1 / 0.1],
      ['two', 2 / 0.16],
      ['three', 3 / 0.24],
    ] as const) {
      const { value, low, high } = of(mode).throughput;
      close(value, expected, mode, 0.06);
      assert.ok(low! < value && value < high!);
    }
    // Two that merely took turns would have rates of 1/100 and 1/200 ms, and together no more than one alone.
    const turns = run({
      value: ({ mode }, _, __, ___, target) => (mode === 'two' && target === 'b' ? 200 : 100),
    });
    close(turns.sharing.find(({ mode }) => mode === 'two')!.scaling!.value, 1);
  });

  it('are held against the fewest of them, block by block', () => {
    const { scaling } = of('two');
    assert.equal(scaling!.against, 'one');
    close(scaling!.value, of('two').throughput.value / of('one').throughput.value);
    assert.ok(scaling!.low! < 1.25 && scaling!.high! > 1.22 && scaling!.high! - scaling!.low! < 0.05);
    assert.deepEqual(of('one').scaling, { against: 'one', value: 1, low: 1, high: 1 });
  });

  it('are as fair as Jain’s index of their own throughputs says, with an interval inside its range', () => {
    const { value, low, high } = of('two').fairness;
    close(value, jainIndex([1 / 125, 1 / 160]), 'two', 0.003);
    assert.ok(low! <= value && value <= high! && low! > 0.9 && high! <= 1);
    assert.deepEqual(of('one').fairness, { value: 1, low: 1, high: 1 });
    assert.ok(of('three').fairness.high! <= 1 && of('three').fairness.low! > 0.999);
  });

  it('have a share each, and a slowdown against what a guest gets alone', () => {
    const { perGuest } = of('two');
    const total = 1 / 125 + 1 / 160;
    assert.deepEqual(
      perGuest.map(({ target }) => target),
      ['a', 'b'],
    );
    close(perGuest[0]!.share, 1 / 125 / total, 'share', 0.003);
    close(
      perGuest.reduce((sum, { share }) => sum + share, 0),
      1,
    );
    close(perGuest[1]!.slowdown, 1.6, 'slowdown', 0.01);
    close(perGuest[0]!.throughput, 8, 'throughput', 0.03);
  });

  it('of a rate add up over the window what each did in its own time', () => {
    const { sharing: rates } = run({
      workloads: RATE,
      value: ({ mode }, _, __, ___, target) => (mode === 'two' ? (target === 'a' ? 60 : 30) : 100),
      durationNs: ({ mode }, target) => (mode === 'two' && target === 'a' ? 1e9 : 2e9),
    });
    const two = rates.find(({ mode }) => mode === 'two')!;
    assert.deepEqual([two.unit, two.guests], ['MB/s', 2]);
    close(two.throughput.value, (60 * 1 + 30 * 2) / 2);
    close(two.fairness.value, jainIndex([60, 30]));
  });

  it('have no throughput where a guest’s time is not known', () => {
    assert.deepEqual(run({ workloads: RATE }).sharing, []);
  });

  it('are known no better than the tick of the clock that their times are by', () => {
    const { sharing: stepped } = run({
      value: ({ mode }) => (mode === 'one' ? 100 : 121),
      tickNs: 1e6,
      byClock: true,
    });
    const [one, two] = ['one', 'two'].map((mode) => stepped.find((row) => row.mode === mode)!);
    const relative = ({ value, low, high }: { value: number; low: number | null; high: number | null }) =>
      [low! / value, high! / value] as const;
    const [low, high] = relative(one!.throughput);
    close(low, 0.99);
    close(high, 1 / 0.99);
    const [least, most] = relative(two!.scaling!);
    close(least, 0.99 * (120 / 121));
    close(most, 1 / least);
    assert.deepEqual(one!.scaling, { against: 'one', value: 1, low: 1, high: 1 });
  });

  it('count from the barrier: the spread of the starts is part of the window', () => {
    const { sharing: spread } = run({ value: () => 100, startSpreadNs: 100e6 });
    close(spread.find(({ mode }) => mode === 'three')!.throughput.value, 3 / 0.2);
  });

  it('are in the schema, the summary, the page’s table and charts whose axes say what is better', () => {
    const results = run();
    resultsSchema.parse(JSON.parse(JSON.stringify(results)));
    const summary = summaryMarkdown(results);
    assert.match(summary, /\*\*Guests together\*\*/);
    assert.match(summary, /\| two \| work \| time \| 2 \| 12\.\d \\\(.* to .*\\\) runs\/s \| 1\.2\d* \\\(/);
    const charts = chartsOf(results).filter(({ id }) => /^(scaling|fairness|shares)-/.test(id));
    assert.deepEqual(
      charts.map(({ id }) => id),
      ['scaling-1', 'fairness-1', 'shares-1'],
    );
    for (const { config, caption } of charts) assert.match(JSON.stringify(config) + caption, /is better/);
    assert.match(JSON.stringify(charts[0]!.config), /runs\/s, all guests \(higher is better\)/);
    assert.deepEqual(simulatedRun().results.sharing, []);
    assert.doesNotMatch(summaryMarkdown(simulatedRun().results), /Guests together/);
  });
});
