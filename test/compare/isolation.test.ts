import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ownExitCode } from '../../src/run/session.ts';
import { resultsOf } from '../../src/compare/compare.ts';
import type { Results } from '../../src/compare/results.ts';
import { parseExperiment } from '../../src/experiment/load.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { reportHtml } from '../../src/report/html.ts';
import { isolationLines, isolationMatrix } from '../../src/report/isolation.ts';
import { junitXml } from '../../src/report/junit.ts';
import { tableTex } from '../../src/report/latex.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { Story } from '../support/events.ts';
import { HOSTILE } from '../support/hostile-run.ts';
import { recordOf } from '../../src/record/fold.ts';

type Outcome = 'refused' | 'allowed' | 'not-applicable';

const experiment = parseExperiment(
  `name: probes
baseline: native
targets: { bare: { lab: bare }, dom0: { lab: dom0 }, g1: { lab: g1, host: dom0 } }
modes:
  native: { use: lab-native, on: bare }
  pvdrm: { use: lab-pvdrm, on: g1 }
workloads: [{ use: probe, name: map, run: probe-map }]
design: { blocks: 2, warmup: 0, samples: 1 }
`,
  'experiment.yaml',
);

/** Results of what each mode's probe came to, block by block; undefined where its trial failed. */
function results(found: Record<'native' | 'pvdrm', (Outcome | undefined)[]>): Results {
  const story = new Story().begin();
  for (const [mode, outcomes] of Object.entries(found))
    outcomes.forEach((outcome, index) => {
      const trial = `b${index + 1}.${mode}.map`;
      story.attest(index + 1, mode).start(trial);
      if (outcome === undefined) {
        story.end(trial, { kind: 'failed', reason: 'no', transport: false });
        return;
      }
      const verdict = { outcome, evidence: `seen in ${index + 1}` };
      const readings = [{ metrics: [], phases: {}, crossings: {}, verdict }];
      const guests = [{ target: 'g1', durationNs: 1e6, readings }];
      story.add({ type: 'sample', trial, attempt: 1, index: 0, warmup: false, guests, startSpreadNs: null });
      story.end(trial);
    });
  return resultsOf(experiment, makePlan(experiment), recordOf(story.events));
}

describe('a probe', () => {
  it('is a verdict a mode, and never a ratio', () => {
    const all = results({ native: ['allowed', 'allowed'], pvdrm: ['refused', 'refused'] });
    assert.deepEqual([all.comparisons, all.cells, all.suites], [[], [], []]);
    assert.deepEqual(
      all.isolation.map(({ mode, verdict, byDesign, breach, attested }) => [
        mode,
        verdict,
        byDesign,
        breach,
        attested,
      ]),
      [
        ['native', 'allowed', true, false, true],
        ['pvdrm', 'refused', false, false, true],
      ],
    );
    assert.deepEqual(isolationMatrix(all), {
      head: ['probe', 'native', 'pvdrm'],
      rows: [['map', '· allowed by design (2 of 2)', '✓ refused (2 of 2)']],
    });
    assert.equal(ownExitCode(all), 0);
    assert.match(junitXml(all), /failures="0"/);
    assert.match(summaryMarkdown(all), /\| map \| · allowed by design/);
    assert.match(tableTex(all), /map & allowed by design \(2 of 2\) & refused \(2 of 2\)/);
  });

  it('that got through once got through: a failure in every format, and in the exit code', () => {
    const all = results({ native: ['allowed', 'allowed'], pvdrm: ['allowed', 'refused'] });
    const [, pvdrm] = all.isolation;
    assert.deepEqual([pvdrm?.verdict, pvdrm?.breach, pvdrm?.evidence], ['allowed', true, 'seen in 1']);
    assert.equal(ownExitCode(all), 1);
    assert.match(isolationLines(all)[0] ?? '', /^isolation breached: pvdrm allowed map: seen in 1$/);
    assert.match(junitXml(all), /failures="1".*<failure message="✗ allowed \(1 of 2\): seen in 1"/s);
  });

  it('may print what it likes: it stays text', () => {
    const all = results({ native: ['allowed', 'allowed'], pvdrm: ['allowed', 'refused'] });
    for (const evidence of HOSTILE) {
      const hostile = { ...all, isolation: all.isolation.map((one) => ({ ...one, evidence })) };
      const page = reportHtml({ results: hostile, charts: [], experiment: '' });
      for (const text of [page, junitXml(hostile), summaryMarkdown(hostile)])
        // eslint-disable-next-line no-control-regex -- it is what must not be there
        assert.doesNotMatch(text, /<script>alert|<img src|<svg.onload|\u202e|\u001b/, evidence);
    }
  });

  it('without a completed trial has no verdict, which is not a refusal', () => {
    const all = results({ native: ['allowed', 'allowed'], pvdrm: [undefined, undefined] });
    const [, pvdrm] = all.isolation;
    assert.deepEqual([pvdrm?.verdict, pvdrm?.breach, pvdrm?.attested], ['none', false, false]);
    assert.equal(ownExitCode(all), 4);
    assert.match(junitXml(all), /skipped="1"/);
    assert.match(isolationLines(all)[0] ?? '', /^isolation: 0 of 1 probes refused in pvdrm$/);
  });
});

describe('what a mode allows', () => {
  const modes = {
    native: ['{ use: native, on: bare }', true],
    'lab-native': ['{ use: lab-native, on: lab }', true],
    passthrough: ['{ use: lab-passthrough, on: g1 }', true],
    pvdrm: ['{ use: lab-pvdrm, on: g1 }', false],
    custom: ['{ use: custom, on: bare }', false],
  } as const;
  const inAll = parseExperiment(
    `name: probes
baseline: native
targets: { bare: { ssh: bare }, lab: { lab: bare }, dom0: { lab: dom0 }, g1: { lab: g1, host: dom0 } }
modes:
${Object.entries(modes)
  .map(([mode, [spec]]) => `  ${mode}: ${spec}\n`)
  .join('')}workloads: [{ use: probe, name: map, run: probe-map }]
design: { blocks: 1, warmup: 0, samples: 1 }
`,
    'experiment.yaml',
  );

  for (const [mode, [spec, byDesign]] of Object.entries(modes))
    it(`is ${byDesign ? 'by design' : 'a breach'} in ${spec}`, () => {
      const story = new Story().begin();
      for (const each of Object.keys(modes)) {
        const outcome: Outcome = each === mode ? 'allowed' : 'refused';
        const readings = [{ metrics: [], phases: {}, crossings: {}, verdict: { outcome, evidence: 'seen' } }];
        const guests = [{ target: 'g1', durationNs: 1e6, readings }];
        const trial = `b1.${each}.map`;
        story.attest(1, each).start(trial);
        story.add({
          type: 'sample',
          trial,
          attempt: 1,
          index: 0,
          warmup: false,
          guests,
          startSpreadNs: null,
        });
        story.end(trial);
      }
      const all = resultsOf(inAll, makePlan(inAll), recordOf(story.events));
      const row = all.isolation.find((one) => one.mode === mode);
      assert.deepEqual([row?.verdict, row?.byDesign, row?.breach], ['allowed', byDesign, !byDesign]);
      assert.equal(ownExitCode(all), byDesign ? 0 : 1);
    });
});
