/** What the summary holds of a run that has some of everything, and what it leaves to the report. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import { simulatedRun } from '../compare/simulated-run.ts';

const { results } = simulatedRun();
const [one] = results.comparisons;
const estimate = { value: 1, low: null, high: null };

/** As many of each as told. */
function resultsWith(count: number): Results {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return {
    ...results,
    comparisons: numbers.map((index) => ({ ...one!, mode: `m${index}`, crossings: { trap: 2 } })),
    isolation: numbers.map((index) => ({
      ...({ mode: 'slow', probe: `p${index}`, verdict: 'refused', byDesign: false, breach: false } as const),
      ...{ refused: 1, allowed: 0, notApplicable: 0, attested: true, evidence: '' },
    })),
    overheads: numbers.map((index) => ({
      ...{
        mode: `m${index}`,
        metric: 'time',
        per: 'run' as const,
        points: [],
        fit: null,
        byKind: null,
        note: null,
      },
    })),
    sharing: numbers.map((index) => ({
      ...{ family: 'm', mode: `m${index}`, workload: 'work', metric: 'time', guests: 1, unit: 'runs/s' },
      ...{ trials: 1, throughput: estimate, scaling: null, fairness: estimate },
      perGuest: [{ target: 'a', throughput: 1, share: 1, slowdown: 1 }],
    })),
    warnings: numbers.map((index) => ({ code: 'step', text: `warning ${index}` })),
    incidents: numbers.map((index) => ({
      ...{ wall: '', kind: 'link', target: null, trial: null, text: `incident ${index}` },
    })),
  };
}

/** The lines below each heading in bold, up to the next one. */
function sectionsOf(text: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n'))
    if (/^(?:###|\*\*|<sub>)/.test(line))
      sections.set(/^\*\*([^*]*)/.exec(line)?.[1] ?? line.slice(0, 5), (current = []));
    else current.push(line);
  return sections;
}

describe('the summary', () => {
  it('has a section for everything that there is, each set apart by an empty line', () => {
    const text = summaryMarkdown(resultsWith(1));
    const sections = sectionsOf(text);
    const bold = ['Isolation', 'Warnings', 'Incidents', 'Guests together'];
    const further = ['Boundary crossings', 'Overhead versus work'];
    assert.deepEqual([...sections.keys()], ['### s', ...bold, ...further, '<sub>']);
    for (const [name, lines] of sections)
      if (name !== '<sub>') assert.deepEqual([lines[0], lines.at(-1)], ['', ''], name);
    assert.deepEqual(sections.get('Isolation'), [
      '',
      '| probe | slow |',
      '|---|---|',
      '| p0 | ✓ refused \\(1 of 1\\) |',
      '',
    ]);
    assert.deepEqual(sections.get('Warnings'), [
      ...['', '- warning 0', ''],
      ...['<details><summary>Workloads by modes</summary>', '', '| workload | metric |'],
      ...['|---|---|', '| work | time \\(ms\\) |', '', '</details>', ''],
    ]);
    assert.deepEqual(sections.get('Incidents'), ['', '- link: incident 0', '']);
    assert.doesNotMatch(text, /more in/);
  });

  it('of a run that has but comparisons has no other section', () => {
    const sections = sectionsOf(summaryMarkdown({ ...resultsWith(0), comparisons: [one!] }));
    assert.deepEqual([...sections.keys()], ['### s', '<sub>']);
  });

  it('leaves out whole sections where it would be longer than 4 kB, and names them', () => {
    for (const count of [5, 20, 65, 1000]) {
      const text = summaryMarkdown(resultsWith(count));
      const bytes = Buffer.byteLength(text);
      assert.ok(bytes <= 4096, `${count}: ${bytes} bytes`);
      const named = /^Also in the report: (.*)\.$/m.exec(text)?.[1]?.split(', ') ?? [];
      const shown = [...sectionsOf(text).keys()].map((name) => name.toLowerCase());
      for (const name of ['isolation', 'warnings', 'incidents', 'guests together', 'boundary crossings'])
        assert.notEqual(named.includes(name), shown.includes(name), `${count}: ${name}, of ${named.join()}`);
      for (const [name, lines] of sectionsOf(text))
        if (named.length > 0 && name === 'Warnings')
          assert.ok(lines.filter((l) => l.startsWith('- w')).length === count);
    }
    assert.doesNotMatch(summaryMarkdown(resultsWith(1)), /Also in the report/);
  });

  it('has a row for each mode, up to twelve', () => {
    const modes = Array.from({ length: 14 }, (_, at) => `m${at}`);
    const many = {
      ...resultsWith(14),
      specification: { ...results.specification, modes: Object.fromEntries(modes.map((mode) => [mode, {}])) },
    };
    const lines = summaryMarkdown(many).split('\n');
    assert.equal(lines.filter((line) => /^\| m\d+ \| \d/.test(line)).length, 12);
    assert.ok(lines.includes('2 more modes in the report.'));
  });
});
