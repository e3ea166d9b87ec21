/** What counts come to on hardware: the baseline's time, and each crossing at what it may cost there. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { modelledOrder } from '../../src/compare/modelled.ts';
import type { Results } from '../../src/compare/results.ts';
import { resultsSchema } from '../../src/compare/results.ts';
import { reportHtml } from '../../src/report/html.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { countedHeadlines, emulationLines } from '../../src/report/modelled.ts';
import { labLine } from '../../src/report/wording.ts';
import type { Problem } from '../../src/problem.ts';
import { closeRelative } from '../statistics/reference.ts';
import { type Simulation, simulatedRun } from './simulated-run.ts';

/** Native takes 1 ms a run; both modes cross 200 times in it, for 20 objects. */
const run = (over: Simulation = {}) =>
  simulatedRun({
    targets: '{ a: { lab: bare }, h: { lab: dom0 }, b: { lab: g1, host: h }, c: { lab: g2, host: h } }',
    modes: `  native: { use: lab-native, on: a }
  pvdrm: { use: lab-pvdrm, on: b, hardware-costs: { gemNew: 2us to 4us, pagesUnmapped: 500ns } }
  mediated: { use: lab-mediated, on: c }`,
    workloads:
      '  - { use: command, name: gem, run: gem, per: { name: object, field: o }, metric: { name: time, field: t, unit: ms, better: lower } }',
    value: ({ mode }, _, noise) => ({ native: 1, pvdrm: 9, mediated: 90 })[mode]! * Math.exp(0.001 * noise),
    crossings: ({ mode }): Record<string, number> =>
      ({ native: {}, pvdrm: { gemNew: 100, gemClose: 100 }, mediated: { gttWrite: 200 } })[mode]!,
    hypercalls: ({ mode }): Record<string, number> =>
      mode === 'pvdrm' ? { hypercallUnmap: 10, pagesUnmapped: 400 } : {},
    operations: () => 20,
    ...over,
  });

describe('a modelled range', () => {
  const { results } = run();
  const of = (mode: string) => results.modelled.find((one) => one.mode === mode)!;

  it('is the baseline’s time, and each crossing and page at the least and the most that it may cost', () => {
    // gemNew and pages as the experiment says, gemClose by the kind's own cost of any crossing (1 to 10 µs).
    closeRelative(of('pvdrm').high, 1 / (1 + (100 * 2 + 100 * 1 + 400 * 0.5) / 1000), 'high', 1e-3);
    closeRelative(of('pvdrm').low, 1 / (1 + (100 * 4 + 100 * 10 + 400 * 0.5) / 1000), 'low', 1e-3);
    closeRelative(of('mediated').high, 1 / (1 + (200 * 5) / 1000), 'high', 1e-3);
    closeRelative(of('mediated').low, 1 / (1 + (200 * 20) / 1000), 'low', 1e-3);
    assert.equal(results.hardwareCosts['pvdrm']!['gemNew']!.source, 'the experiment');
    assert.match(results.hardwareCosts['pvdrm']!['crossing']!.source, /^assumed: /);
    resultsSchema.parse(JSON.parse(JSON.stringify(results)));
  });

  it('puts modes in an order of their own, which need not be that of emulated times', () => {
    assert.deepEqual(
      modelledOrder(results.modelled).map(({ mode }) => mode),
      ['pvdrm', 'mediated'],
    );
    const cheap = run({
      modes: `  native: { use: lab-native, on: a }
  pvdrm: { use: lab-pvdrm, on: b }
  mediated: { use: lab-mediated, on: c, hardware-costs: { crossing: 100ns to 1us } }`,
    }).results;
    assert.deepEqual(
      modelledOrder(cheap.modelled).map(({ mode }) => mode),
      ['mediated', 'pvdrm'],
    );
  });

  it('is none where the baseline crosses, or the work’s time is not known', () => {
    assert.deepEqual(run({ crossings: () => ({ gemNew: 5 }) }).results.modelled, []);
    const rates = run({
      workloads:
        '  - { use: command, name: gem, run: gem, metric: { name: rate, field: r, unit: objects/s, better: higher } }',
    });
    assert.deepEqual(rates.results.modelled, []);
    assert.deepEqual(simulatedRun().results.modelled, []);
  });

  it('changes no figure: what it rests on is not compared with another run’s', () => {
    const { specification } = run({
      modes: `  native: { use: lab-native, on: a }
  pvdrm: { use: lab-pvdrm, on: b }
  mediated: { use: lab-mediated, on: c }`,
    }).results;
    assert.deepEqual(specification, results.specification);
  });

  it('takes ranges in which the lower end stands first, and says so', () => {
    const bad = (text: string) =>
      run({ modes: `  native: { use: native, on: a, hardware-costs: { crossing: ${text} } }` });
    assert.throws(
      () => bad('20us to 5us'),
      (error: Problem) => JSON.stringify(error).includes('lower end first'),
    );
    assert.throws(
      () => bad('5 apples'),
      (error: Problem) => JSON.stringify(error).includes('5us to 20us, or 300ns'),
    );
  });
});

describe('the page of a run in the lab', () => {
  const { results: plain, source } = run();
  const results: Results = { ...plain, versions: { ...plain.versions, lab: 'Xen 4.17' } };

  it('leads with counts per operation and the modelled range, and not with a mean of emulated times', () => {
    const told = countedHeadlines(results).join('\n');
    assert.match(
      told,
      /pvdrm: gem 10 requests, 0\.5 hypercalls per object; modelled on hardware 38\.\d% to 66\.\d% of native; slower in 1 of 1 metric in emulated time/,
    );
    assert.match(
      told,
      /mediated: gem 10 traps per object; modelled on hardware 20\.\d% to 50\.\d% of native/,
    );
    assert.doesNotMatch(told, /geometric mean/);
    const page = reportHtml({ results, charts: [], experiment: source });
    assert.match(page, /On hardware, modelled/);
    assert.ok(page.indexOf('On hardware, modelled') < page.indexOf('>Workloads by modes<'));
    assert.match(page, /10 requests, 0\.5 hypercalls per object/);
    assert.match(summaryMarkdown(results), /Modelled performance on hardware/);
  });

  it('is led by what was measured where it is none of the lab’s', () => {
    const page = reportHtml({ results: plain, charts: [], experiment: source });
    assert.doesNotMatch(page, /does not describe hardware/);
  });

  it('says that guests which run together share a virtual CPU', () => {
    assert.doesNotMatch(labLine(results).join(), /CPU scheduler/);
    const { pvdrm } = results.specification.modes;
    const modes = { ...results.specification.modes, pvdrm: { ...pvdrm, targets: 2 } };
    const several = { ...results, specification: { ...results.specification, modes } };
    assert.match(labLine(several).join(), /Xen’s CPU scheduler is in their figures/);
  });

  it('says by how much emulation makes a crossing dearer', () => {
    const works: Record<string, [number, number]> = { a: [1, 10], b: [4, 10], c: [40, 10], d: [2, 200] };
    const { results: emulated } = run({
      workloads: Object.keys(works)
        .map(
          (name) =>
            `  - { use: command, name: ${name}, run: ./w, metric: { name: time, field: t, unit: ms, better: lower } }`,
        )
        .join('\n'),
      value: ({ mode, workload }, _, noise) => {
        const [ms, count] = works[workload]!;
        return (ms + (mode === 'mediated' ? 0.6 * count : 0)) * Math.exp(0.001 * noise);
      },
      crossings: ({ mode, workload }): Record<string, number> =>
        mode === 'mediated' ? { gttWrite: works[workload]![1] } : {},
      hypercalls: () => ({}),
    });
    const told = [...countedHeadlines(emulated), ...emulationLines(emulated)].join('\n');
    assert.match(
      told,
      /mediated: a crossing takes (600|599|601) µs under emulation, (30|29\.\d|30\.\d) to (120|1[12]\d) times its modelled cost/,
    );
    assert.match(told, /pvdrm: nothing crosses; /);
  });
});
