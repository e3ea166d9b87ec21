/** What a gate came to, in the files that CI shows. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Gate, gateOf } from '../../src/gate/gate.ts';
import { junitXml } from '../../src/report/junit.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { reportHtml } from '../../src/report/html.ts';
import { type Simulation, simulatedRun } from '../compare/simulated-run.ts';
import { HOSTILE } from '../support/hostile-run.ts';
import { parseXml } from './parse-xml.ts';

const base = simulatedRun({ seed: 1 }).results;

/** A run of 10 blocks held against the base, whose `slow` takes `factor` times as long as there. */
function gated(factor: number, sd = 0.01, simulation: Simulation = {}) {
  const value: Simulation['value'] = ({ mode }, _, noise) =>
    100 * (mode === 'slow' ? 1.1 * factor : 1) * Math.exp(sd * noise);
  const { results } = simulatedRun({ seed: 2, value, ...simulation });
  return { results, gate: gateOf(base, results) };
}

const CASES = {
  passed: gated(1),
  slower: gated(1.1),
  inconclusive: gated(1.05, 0.2),
  incomplete: gated(1, 0.01, { endReason: null }),
};

describe('a gate in JUnit XML', () => {
  const suiteOf = ({ results, gate }: (typeof CASES)['passed']) =>
    /<testsuite name="gate: [\s\S]*<\/testsuite>/.exec(junitXml(results, gate))![0];

  it('is a suite of its own: its outcome and each cell that counts', () => {
    for (const [name, outcome, cell] of [
      [
        'passed',
        /name="outcome"><system-out>passed: no cell is slower/,
        /name="slow\/work\/time"><system-out>/,
      ],
      [
        'slower',
        /name="outcome"><failure message="failed: a cell/,
        /name="slow\/work\/time"><failure message="slower: 9/,
      ],
      [
        'inconclusive',
        /name="outcome"><skipped message="inconclusive/,
        /name="slow\/work\/time"><skipped message="incon/,
      ],
      ['incomplete', /name="outcome"><error type="incomplete"/, /name="slow\/work\/time"><system-out>/],
    ] as const) {
      assert.equal(CASES[name].gate.outcome, name);
      const suite = suiteOf(CASES[name]);
      assert.match(suite, outcome);
      assert.match(suite, cell);
    }
    assert.match(suiteOf(CASES.slower), /tests="3" failures="2" errors="0" skipped="0"/);
  });

  it('alone fails: that a mode is slower than native is what was asked, and no defect', () => {
    const { results, gate } = CASES.passed;
    assert.equal(results.comparisons[0]!.verdict, 'slower');
    for (const text of [junitXml(results), junitXml(results, gate)]) {
      assert.doesNotMatch(text, /<failure/);
      assert.match(text, /<system-out>slower: 9\d\.\d% of native/);
    }
  });
});

describe('a gate in the summary', () => {
  it('comes first, with its cells and doubts', () => {
    const { results, gate } = CASES.slower;
    const lines = summaryMarkdown(results, gate).split('\n');
    assert.match(lines[2]!, /^\*\*gate: failed: a cell is slower than the margin allows\*\*$/);
    assert.match(lines[4]!, /^\| mode \| .* \| HEAD ÷ BASE \| interval \| verdict \|$/);
    assert.ok(lines.some((line) => /^\| slow \| work \| time \| .*▼ slower \|$/.test(line)));
    assert.ok(lines.some((line) => /^- warning: the baseline’s own figures/.test(line)));
    assert.doesNotMatch(summaryMarkdown(results), /gate/);
  });

  it('has every cell, the baseline’s as it is, and says where there is no figure', () => {
    const { results, gate } = CASES.passed;
    const rowsOf = (held: Gate) => {
      const lines = summaryMarkdown(results, held).split('\n');
      const from = lines.findIndex((line) => line.includes('HEAD ÷ BASE')) + 2;
      return lines.slice(from, lines.indexOf('', from)).map((line) => line.slice(2, -2).split(' | '));
    };
    const [native, slow, ...more] = rowsOf(gate);
    assert.deepEqual(more, []);
    assert.deepEqual(native!.slice(0, 3), ['native', 'work', 'time']);
    for (const figure of native!.slice(3, 5)) assert.match(figure, /^(99|100)(\.\d+)? ms$/);
    assert.deepEqual(slow!.slice(0, 3), ['slow', 'work', 'time']);
    for (const figure of slow!.slice(3, 5)) assert.match(figure, /^9[01]\.\d%$/);
    const none = { figure: null, blocks: 0, units: 0 };
    const cell = { ...gate.cells[0]!, base: none, head: none, ratio: null, low: null, high: null };
    const lacking = { ...cell, verdict: 'inconclusive' as const, gates: false };
    assert.deepEqual(rowsOf({ ...gate, cells: [lacking] })[0]!.slice(3), [
      ...['none', 'none', 'none', 'none'],
      '\\(inconclusive\\)',
    ]);
  });

  it('is in the page as well', () => {
    const { results, gate } = CASES.slower;
    const page = (held?: Gate) => reportHtml({ results, charts: [], experiment: '', gate: held });
    assert.match(page(gate), /<h2 id="gate-head">Gate<\/h2>\s*<p>gate: failed/);
    assert.doesNotMatch(page(), /<h2>Gate/);
  });
});

describe('hostile text in a gate', () => {
  it('stays text in every format', () => {
    const { results, gate } = CASES.slower;
    const rows = (text: string) => summaryMarkdown(results, text === '' ? gate : planted(gate, text));
    for (const text of HOSTILE) {
      const held = planted(gate, text);
      assert.ok(parseXml(junitXml(results, held)).elements.includes('failure'));
      assert.equal(rows(text).split('\n').length, rows('').split('\n').length, text);
      assert.doesNotMatch(rows(text).replaceAll(/<\/?(sub|details|summary)>/g, ''), /[<>]|:\/\/|@\w/);
      assert.doesNotMatch(
        reportHtml({ results, charts: [], experiment: '', gate: held }),
        /<script>alert|<img|<svg\/onload/,
      );
    }
  });
});

/** A gate in which whatever a guest, or a user, can choose is `text`. */
function planted(gate: Gate, text: string): Gate {
  return {
    ...gate,
    head: { ...gate.head, name: text },
    cells: gate.cells.map((cell) => ({ ...cell, metric: text, unit: text })),
    warnings: gate.warnings.map(({ code }) => ({ code, text })),
  };
}
