/** What a run came to, mode by mode: what the page, and other formats, lead with. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { answerRows, limits, pairAnswers } from '../../src/report/answer.ts';
import { barScale } from '../../src/report/bar-scale.ts';
import { answer } from '../../src/report/html-answer.ts';
import { matrix } from '../../src/report/html-matrix.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { rowsOf, wordsOf } from './rows.ts';

const LAB = {
  targets: '{ a: { lab: bare }, h: { lab: dom0 }, b: { lab: g1, host: h }, c: { lab: g2, host: h } }',
  modes: `  native: { use: lab-native, on: a }
  plain: { use: lab-pvdrm, on: b, cache: false }
  pooled: { use: lab-pvdrm, on: c, cache: true }`,
  workloads: ['fresh', 'reused']
    .map(
      (name) =>
        `  - { use: command, name: ${name}, run: gem, per: { name: object, field: o }, metric: { name: time, field: t, unit: ms, better: lower } }`,
    )
    .join('\n'),
};

/** Twice as slow behind pvdrm, without its pool four times where objects are not kept. */
const simulated = simulatedRun({
  ...LAB,
  value: ({ mode, workload }, _, noise) =>
    (mode === 'native' ? 1000 : mode === 'plain' && workload === 'fresh' ? 4000 : 2000) *
    Math.exp(0.002 * noise),
  crossings: ({ mode, workload }): Record<string, number> => {
    if (mode === 'native' || workload === 'reused') return {};
    return mode === 'pooled' ? { fromGlobal: 40 } : { gemNew: 100 };
  },
  operations: () => 20,
}).results;
const lab: Results = { ...simulated, versions: { ...simulated.versions, lab: 'software GPU' } };

describe('the answer of a run', () => {
  const { results } = simulatedRun();

  it('has a row for each compared mode, with its figure, verdicts and evidence', () => {
    const [row, ...others] = answerRows(results);
    assert.deepEqual(others, []);
    const { mode, baseline, measured, verdicts, attested, crosses, modelled } = row!;
    assert.deepEqual([mode, baseline, verdicts], ['slow', 'native', '1 slower']);
    assert.ok(Math.abs(measured!.value - 1 / 1.1) < 0.01 && measured!.low! < measured!.value);
    assert.deepEqual([attested, crosses, modelled], [{ held: 0, of: 0 }, [], undefined]);
    const proved: Results['attestations'] = [true, true, false].map((ok, block) => ({
      ...{ block, mode: 'slow', when: 'before', ok },
      findings: [{ target: 'b', claim: 'cache on', ok, evidence: 'on' }],
    }));
    assert.deepEqual(answerRows({ ...results, attestations: proved })[0]!.attested, { held: 2, of: 3 });
  });

  it('has the figure over all metrics where there are several, and none without a pair', () => {
    const rows = answerRows(lab);
    assert.deepEqual(
      rows.map(({ mode }) => mode),
      ['plain', 'pooled'],
    );
    assert.ok(Math.abs(rows[0]!.measured!.value - Math.sqrt(1 / 8)) < 0.003, JSON.stringify(rows[0]));
    assert.deepEqual(rows[0]!.crosses, ['fresh 5 requests per object']);
    const unpaired = { ...results, suites: [], comparisons: [{ ...results.comparisons[0]!, ratio: null }] };
    assert.equal(answerRows(unpaired)[0]!.measured, undefined);
  });

  it('says unasked what an option is worth, and where it can’t matter', () => {
    assert.match(
      pairAnswers(lab).join('\n'),
      /^cache: pooled is (2|1\.99|2\.01) times as fast as plain \([\d.]+ to [\d.]+\); no effect possible in reused$/,
    );
    const alike = { ...lab, pairs: lab.pairs.map((pair) => ({ ...pair, overall: null })) };
    assert.deepEqual(pairAnswers(alike), [
      'cache: no effect possible here, because pooled and plain have the same crossings',
    ]);
    assert.deepEqual(pairAnswers(results), []);
  });

  it('counts what limits belief, loads of machines too', () => {
    assert.deepEqual(limits({ ...results, warnings: [], incidents: [] }), []);
    const noise = { block: 1, mode: 'slow', stealShare: 0, throttled: null };
    const environment = (target: string, cpus: string) => ({
      ...{ target, shell: 'sh', fingerprint: { cpus } },
      clock: { source: 'date', tickNs: 1, monotonic: true },
    });
    const limited: Results = {
      ...results,
      trials: { ...results.trials, failed: 1, void: 2 },
      warnings: [{ code: 'x', text: 'y' }],
      incidents: [],
      attestations: [{ block: 1, mode: 'slow', when: 'before', ok: false, findings: [] }],
      environment: [environment('a', '2'), environment('b', '8')],
      noise: [
        { ...noise, target: 'a', load1: 1 },
        { ...noise, target: 'a', load1: 7.04 },
        { ...noise, target: 'b', load1: 7.04 },
      ],
    };
    assert.deepEqual(limits(limited), [
      '3 trials without a figure',
      '1 attestation that did not hold',
      '1 warning',
      'load 7.04 on the 2 CPUs of a',
    ]);
  });

  it('stands first on the page, with a bar that tells the same in words', () => {
    const page = answer(results);
    const [cells] = rowsOf(page);
    assert.match(cells!.join('|'), /^9\d\.\d% 9\d\.\d% to 9\d\.\d%\|\|1 slower\|no evidence$/);
    assert.match(page.text, /aria-label="9\d\.\d% \(9\d\.\d% to 9\d\.\d%\)"/);
    assert.match(
      wordsOf(page.text),
      /^Performance relative to native; further right is better\. Scale: 0% to /,
    );
  });

  it('leads in the lab with what is modelled for hardware, and what crosses', () => {
    const page = answer(lab);
    const [plain] = rowsOf(page);
    assert.match(
      plain!.join('|'),
      /^\d+\.\d% to \d+\.\d% measured 35\.\d% \(.*\)\|\|fresh 5 requests per object\|2 slower\|/,
    );
    assert.match(wordsOf(page.text), /does not describe hardware/);
    assert.match(page.text, /aria-label="modelled \d+\.\d% to \d+\.\d%"/);
    // The range, and not the emulated time, is what is drawn.
    assert.doesNotMatch(page.text, /class="whisker"/);
  });

  it('is nothing where nothing is compared', () => {
    assert.equal(answer({ ...results, comparisons: [] }).text, '');
    assert.equal(matrix({ ...results, comparisons: [] }).text, '');
  });
});

describe('the scale of bars', () => {
  it('is linear from 0 while all can be seen, with the baseline on it', () => {
    const scale = barScale([0.5, 0.1]);
    assert.equal(scale.logarithmic, false);
    assert.deepEqual([0, 0.51, 1.02, 5].map(scale.at), [0, 0.5, 1, 1]);
    assert.equal(scale.words, '0% to 102.0%');
  });

  it('is logarithmic where the most is more than 20 times the least', () => {
    const scale = barScale([0.0075, 2, 0, Number.NaN]);
    assert.equal(scale.logarithmic, true);
    assert.equal(scale.at(0.001), 0);
    assert.equal(scale.at(0), 0);
    assert.ok(Math.abs(scale.at(2.2) - 1) < 1e-9);
    assert.ok(Math.abs(2 * scale.at(0.01) - scale.at(0.1)) < 1e-9, 'equal factors are equally far apart');
    assert.equal(scale.words, '0.10% to 220.0%, logarithmic');
  });
});

describe('the page’s matrix', () => {
  it('has workloads by modes, each cell with sign, ratio and interval, tinted by its verdict', () => {
    const page = matrix(lab);
    const [fresh, reused] = rowsOf(page);
    assert.match(fresh!.join('|'), /^▼ 25\.\d% 2\d\.\d% to 2\d\.\d%.*\|▼ 50\.\d%|49\.\d% /);
    assert.equal(reused!.length, 2);
    assert.equal(page.text.match(/<td class="slower">/g)?.length, 4);
    assert.match(page.text, /<th scope="row">\s*fresh\s*<small>time, ms<\/small>/);
  });

  it('folds all but the first metric of a workload, and leaves no cell out', () => {
    const [one] = lab.comparisons;
    const further = { ...one!, metric: 'rate', unit: 'x/s', ratio: null, attested: false };
    const page = matrix({ ...lab, comparisons: [...lab.comparisons, further] });
    assert.match(page.text, /<summary>\s*1 more metric of these workloads\s*<\/summary>/);
    assert.deepEqual(rowsOf(page).at(-1), ['no pair']);
  });
});
