/** What the page says, section by section. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { reportHtml } from '../../src/report/html.ts';
import { warnings } from '../../src/report/html-warnings.ts';
import { attestation, environment, incidents, reproduction } from '../../src/report/html-evidence.ts';
import { isolation } from '../../src/report/html-isolation.ts';
import type { Html } from '../../src/report/html-text.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { rowsOf, wordsOf } from './rows.ts';

const results = simulatedRun().results;

const paragraphsOf = ({ text }: Html, kind = '') =>
  [...text.matchAll(new RegExp(`<p${kind === '' ? '' : ` class="${kind}"`}>([\\s\\S]*?)</p>`, 'g'))].map(
    ([, words = '']) => wordsOf(words),
  );

const finding = (claim: string, ok: boolean, evidence: string) => ({ target: 'a', claim, ok, evidence });
const attested = (mode: string, ...findings: ReturnType<typeof finding>[]) => ({
  block: 1,
  mode,
  when: 'before' as const,
  ok: findings.every(({ ok }) => ok),
  findings,
});

describe('the page’s attestation', () => {
  const of = (...attestations: Results['attestations']) => attestation({ ...results, attestations });

  it('has a row for each claim: how often it held, and the evidence of the last time it did not', () => {
    const page = of(
      attested('slow', finding('cache on', true, 'first'), finding('driver', true, 'i915')),
      attested('slow', finding('cache on', false, 'off'), finding('driver', true, 'i915 still')),
      attested('slow', finding('cache on', true, 'on again')),
      attested('other', finding('cache on', true, 'its own')),
    );
    assert.deepEqual(rowsOf(page), [
      ['slow', 'a', 'cache on', '✗ 2 of 3', 'off'],
      ['slow', 'a', 'driver', '✓ 2 of 2', 'i915'],
      ['other', 'a', 'cache on', '✓ 1 of 1', 'its own'],
    ]);
    assert.deepEqual(paragraphsOf(page, 'warn'), []);
  });

  it('warns of each mode once that offers no evidence', () => {
    const page = of(attested('slow'), attested('slow'), attested('native', finding('bare', true, 'none')));
    const [warned, ...more] = paragraphsOf(page, 'warn');
    assert.match(warned!, /^slow provides no evidence/);
    assert.deepEqual(more, []);
    assert.deepEqual(rowsOf(of(attested('slow'))), []);
    assert.doesNotMatch(of(attested('slow')).text, /<table>/);
  });

  it('says where no mode was attested', () => {
    assert.equal(of().text, '<p>No mode was attested.</p>');
  });
});

describe('the page’s incidents', () => {
  it('are a row each, by the time of day; those that came again are one', () => {
    const wall = '2030-01-02T03:04:05.678Z';
    const page = incidents({
      ...results,
      incidents: [
        { wall, kind: 'link', target: 'a', trial: null, text: 'lost' },
        { wall, kind: 'void', target: null, trial: 't1', text: 'no proof' },
        { wall: '2030-01-02T04:05:06.789Z', kind: 'void', target: null, trial: 't2', text: 'no proof' },
      ],
    });
    assert.deepEqual(rowsOf(page), [
      ['03:04:05', '1', 'link', 'a', '', 'lost'],
      ['03:04:05 to 04:05:06', '2', 'void', '', 't1 and others', 'no proof'],
    ]);
    assert.equal(incidents({ ...results, incidents: [] }).text, '<p>None.</p>');
  });
});

describe('the page’s environment', () => {
  it('has each target’s facts, its clock, and the most CPU time that was kept from it', () => {
    const noise = (target: string, stealShare: number) => ({
      ...{ block: 1, mode: 'slow', target, load1: 0, throttled: null },
      stealShare,
    });
    const clock = { source: 'date', tickNs: 1234, monotonic: false };
    const target = (name: string, monotonic: boolean) => ({
      target: name,
      shell: 'dash',
      clock: { ...clock, monotonic },
      fingerprint: { kernel: '6.1' },
    });
    const page = environment({
      ...results,
      versions: { vgpubench: '1.2.3' },
      environment: [target('a', true), target('b', false)],
      noise: [noise('a', 0.01), noise('a', 0.125), noise('a', 0.02), noise('c', 0.9)],
    });
    const kept = 'steal time, worst visit';
    assert.deepEqual(rowsOf(page), [
      ['guest clock', 'date, tick 1.23 µs, monotonic', 'date, tick 1.23 µs, wall clock'],
      [kept, '12.5%', '0.0%'],
      ['kernel', '6.1'],
      ['guest shell', 'dash'],
      ['vgpubench', '1.2.3'],
    ]);
  });

  it('is followed by how to have the same again', () => {
    const { text } = reproduction({ ...results, seed: 77 }, 'name: <demo>');
    assert.match(text, /<pre>vgpubench run experiment\.yaml --seed 77<\/pre>/);
    assert.doesNotMatch(text, /made from/);
    const origin = { commit: 'c0ffee', branch: 'main', dirty: true, labels: { driver: '<550>' } };
    assert.match(
      reproduction({ ...results, origin }, '').text,
      /This run was made from commit c0ffee on branch main, with uncommitted changes; driver=&lt;550&gt;\./,
    );
    // Without the lab its machines are not there.
    const lab = reproduction({ ...results, seed: 77, versions: { lab: 'software GPU' } }, '');
    assert.match(lab.text, /<pre>vgpubench lab run experiment\.yaml --seed 77<\/pre>/);
    assert.match(text, /<pre>name: &lt;demo&gt;<\/pre>/);
  });
});

describe('the page’s warnings', () => {
  const warm = {
    ...{ mode: 'slow', workload: 'work', metric: 'time', iterations: 3, warmup: 1, change: null },
    kind: 'warm-up' as const,
    steadyFrom: 4,
    coldStart: 0.5,
  };

  it('have a line each, with its code, and how the trials get warm', () => {
    const page = warnings({
      ...results,
      warnings: [{ code: 'slowdown', text: 'runs slower' }],
      warmth: [
        warm,
        { ...warm, steadyFrom: null, coldStart: null, kind: 'flat' },
        { ...warm, kind: 'too short to tell', steadyFrom: null },
        { ...warm, kind: 'too short to tell', steadyFrom: null, coldStart: null },
      ],
    });
    assert.deepEqual(paragraphsOf(page, 'warn'), ['runs slower [slowdown]']);
    assert.match(page.text, /<h3>Warnings<\/h3>/);
    assert.deepEqual(rowsOf(page), [
      ['slow', 'work', 'time', 'warm-up', '5', '50.0%'],
      ['slow', 'work', 'time', 'flat', '', ''],
      ['slow', 'work', 'time', 'too short to tell', '', '50.0%'],
    ]);
  });

  it('are nothing where there is none', () => {
    assert.equal(warnings({ ...results, warnings: [], warmth: [] }).text.trim(), '');
  });
});

describe('the page’s isolation', () => {
  const row = (probe: string, verdict: Results['isolation'][number]['verdict'], breach: boolean) => ({
    ...{
      mode: 'pvdrm',
      probe,
      verdict,
      breach,
      byDesign: false,
      attested: !breach,
      evidence: `saw ${probe}`,
    },
    ...{ refused: 1, allowed: breach ? 1 : 0, notApplicable: 0 },
  });

  it('has each probe’s verdict, and marks what got through', () => {
    const page = isolation({
      ...results,
      isolation: [row('map', 'refused', false), row('dma', 'allowed', true)],
    });
    assert.deepEqual(rowsOf(page), [
      ['map', '✓ refused (1 of 1)'],
      ['dma', '✗ allowed (1 of 2)'],
      ['pvdrm', 'map', '✓ refused (1 of 1)', 'yes', 'saw map'],
      ['pvdrm', 'dma', '✗ allowed (1 of 2)', 'no', 'saw dma'],
    ]);
    const marked = [...page.text.matchAll(/<td class="([^"]*slower)">([^<]*)</g)].map(([, , text]) => text);
    assert.deepEqual(marked, ['✗ allowed (1 of 2)', '✗ allowed (1 of 2)']);
  });

  it('is nothing without probes', () => {
    assert.equal(isolation({ ...results, isolation: [] }).text, '');
  });
});

describe('the page', () => {
  const page = (over: Partial<Results>) =>
    reportHtml({ results: { ...results, ...over }, charts: [], experiment: '' });
  const warnings = (over: Partial<Results>) =>
    [...page(over).matchAll(/<div class="warn">([\s\S]*?)<\/div>/g)].map(([, text = '']) => wordsOf(text));

  it('warns first of what the run lacks, and why it ended', () => {
    const { trials } = results;
    assert.deepEqual(warnings({}), []);
    assert.deepEqual(warnings({ trials: { ...trials, failed: 1, 'timed-out': 2, void: 4 } }), [
      '7 trials gave no figure: which, and why.',
    ]);
    for (const [endReason, words] of [
      [null, /was killed. To continue it: vgpubench resume/],
      ['interrupted', /was interrupted. To continue it: vgpubench resume/],
      ['budget', /reached its time budget/],
      ['plateau', /stopped narrowing/],
      ['precision', /narrow enough before the last block/],
    ] as const) {
      const [found, ...more] = warnings({ endReason });
      assert.match(found ?? '', words);
      assert.deepEqual(more, []);
    }
    const [found] = warnings({ endReason: null, trials: { ...trials, void: 1 } });
    assert.match(found!, /^1 trials gave no figure.*was killed/);
  });

  it('says where there is nothing to compare, and why', () => {
    const none = {
      ...{ mode: 'm', probe: 'p', byDesign: false, breach: false, attested: false, evidence: '' },
      ...{ verdict: 'none' as const, refused: 0, allowed: 0, notApplicable: 0 },
    };
    assert.match(page({ comparisons: [] }), /There is nothing to compare yet\./);
    assert.match(page({ comparisons: [], isolation: [none] }), /probes have verdicts, not figures/);
    assert.doesNotMatch(page({}), /nothing to compare|no figures/i);
  });

  it('has what stands in the columns over them', () => {
    const tables = [...page({}).matchAll(/<thead>([\s\S]*?)<\/thead>/g)].map(([, head = '']) =>
      [...head.matchAll(/<th scope="col">([^<]*)<\/th>/g)].map(([, text = '']) => text),
    );
    assert.deepEqual(tables, [
      ['Mode', 'Performance', 'Verdicts', 'Attested'],
      ['Workload', 'slow'],
      ['Mode', 'Workload', 'Metric', '% of native', 'Interval', 'Verdict', 'Blocks', 'Attested'],
      ['Mode', 'Workload', 'Metric', 'Kind', 'Steady from run', 'Cold start'],
      ['Block', 'Trials without a figure', 'Incidents'],
      ['Fact', 'Value'],
      ['Fact', 'Value'],
    ]);
  });

  it('has a section for notes, guests together, crossings and overheads where there are any', () => {
    const [one] = results.comparisons;
    const heads = (over: Partial<Results>) =>
      [...page(over).matchAll(/<h[23][^>]*>([^<]*)<\/h[23]>/g)].map(([, text = '']) => text);
    assert.deepEqual(heads({ warnings: [] }), [
      ...['Workloads by modes', 'Figures', 'Why', 'Evidence and warnings', 'Incidents', 'Attestation'],
      ...['Block by block', 'Environment', 'How to reproduce', 'experiment.yaml'],
    ]);
    const noted = page({ comparisons: [{ ...one!, note: 'they differ' }, one!] });
    assert.match(noted, /Where the methods disagree/);
    assert.deepEqual(noted.match(/<li>slow, work, time: .*<\/li>/g), [
      '<li>slow, work, time: they differ</li>',
    ]);
    const crossed = page({
      comparisons: [{ ...one!, crossings: { trap: 2, map: 5 }, hypercalls: { pages: 3 } }],
    });
    assert.match(crossed, /Boundary crossings/);
    assert.ok(
      rowsOf({ text: crossed }).some(
        (cells) => cells.join('; ') === 'slow; work; 7 crossings per run; 7; map 5, trap 2; pages 3; ',
      ),
      'the crossings by kind, the most first, and what they had the hypervisor do',
    );
    const overhead = {
      ...{ mode: 'slow', metric: 'time', points: [], fit: null, byKind: null, note: null },
      per: 'run' as const,
    };
    assert.match(page({ overheads: [overhead] }), /Overhead versus work[\s\S]*slow, time: no curve/);
  });
});
