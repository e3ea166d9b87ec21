/** What an option is worth: two modes of a run that differ in it alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultsSchema } from '../../src/compare/results.ts';
import { optionPairLines } from '../../src/report/option-pairs.ts';
import { type Simulation, simulatedRun } from './simulated-run.ts';

const TARGETS =
  '{ a: { lab: bare }, h: { lab: dom0 }, b: { lab: g1, host: h }, c: { lab: g2, host: h }, d: { lab: g3, host: h } }';
const CACHE = `  native: { use: lab-native, on: a }
  plain: { use: lab-pvdrm, on: b, cache: false }
  pooled: { use: lab-pvdrm, on: c, cache: true }`;
const workloads = ['fresh', 'reused']
  .map(
    (name) =>
      `  - { use: command, name: ${name}, run: gem, per: { name: object, field: o }, metric: { name: rate, field: r, unit: objects/s, better: higher } }`,
  )
  .join('\n');

/** Pooled objects cross 4 times and not 5, and are half as dear; where all are kept, nothing crosses. */
const run = (over: Simulation = {}) =>
  simulatedRun({
    ...{ targets: TARGETS, modes: CACHE, workloads },
    value: ({ mode, workload }, _, noise) =>
      (mode === 'pooled' && workload === 'fresh' ? 2000 : 1000) * Math.exp(0.004 * noise),
    crossings: ({ mode, workload }): Record<string, number> => {
      if (mode === 'native' || workload === 'reused') return {};
      return mode === 'pooled'
        ? { fromGlobal: 20, info: 20, cpuPrep: 20, gemClose: 20 }
        : { gemNew: 20, mmap: 20, cpuPrep: 20, fault: 20, gemClose: 20 };
    },
    operations: () => 20,
    ...over,
  }).results;

describe('an option that two modes differ in alone', () => {
  const results = run();

  it('is told what it is worth in counts and in time, and that it can’t matter where both cross alike', () => {
    const [pair, ...others] = results.pairs;
    assert.equal(others.length, 0);
    assert.deepEqual(
      [pair!.option, pair!.from, pair!.to],
      ['cache', { mode: 'plain', value: false }, { mode: 'pooled', value: true }],
    );
    const [fresh, reused] = pair!.cells;
    assert.deepEqual([fresh!.workload, fresh!.verdict, fresh!.matters], ['fresh', 'faster', true]);
    assert.ok(fresh!.low! < 2 && 2 < fresh!.high! && fresh!.high! < 2.02, JSON.stringify(fresh));
    assert.deepEqual([reused!.workload, reused!.verdict, reused!.matters], ['reused', 'same', false]);
    // Where it can't matter it is in no figure of what it is worth.
    assert.deepEqual(pair!.overall, { value: fresh!.ratio, low: fresh!.low, high: fresh!.high });
    const [line] = optionPairLines(results);
    assert.match(
      line!,
      /^cache: pooled \(true\) against plain \(false\): fresh: (2|1\.99|2\.01) times as fast \(.*; faster\), 4 requests per object instead of 5 requests per object; reused: cache can have no effect, because both have the same crossings; /,
    );
    resultsSchema.parse(JSON.parse(JSON.stringify(results)));
  });

  it('is no pair where kind, guests or several options differ', () => {
    const modes = `  native: { use: lab-native, on: a }
  plain: { use: lab-pvdrm, on: b, cache: false }
  two: { use: lab-pvdrm, on: [c, d], cache: false }
  other: { use: lab-pvdrm, on: c, cache: true, sequential: false }
  mediated: { use: lab-mediated, on: d }`;
    assert.deepEqual(run({ modes }).pairs, []);
  });

  it('is no pair where one has a delay added, which is told by the costs of each kind', () => {
    const modes = CACHE.replace('cache: true', 'cache: false, added: { request: 100us }');
    assert.deepEqual(run({ modes }).pairs, []);
  });

  it('may matter in time where it does not act by what crosses', () => {
    const modes = CACHE.replace('cache: true', 'sequential: false').replace(
      'cache: false',
      'sequential: true',
    );
    const [pair] = run({ modes, crossings: () => ({}) }).pairs;
    assert.deepEqual(
      [pair!.option, ...pair!.cells.map(({ matters }) => matters)],
      ['sequential', true, true],
    );
  });
});
