/** What the summary holds of a run that has some of everything, and how it cuts off what is too long. */
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
    const bold = [
      'Isolation',
      'Boundary crossings',
      'Overhead against work',
      'Guests together',
      'Warnings',
      'Incidents',
    ];
    assert.deepEqual([...sections.keys()], ['### s', ...bold, '<sub>']);
    for (const [name, lines] of sections)
      if (name !== '<sub>') assert.deepEqual([lines[0], lines.at(-1)], ['', ''], name);
    for (const name of bold) assert.equal(sections.get(name)!.filter((line) => line === '').length, 2, name);
    assert.deepEqual(sections.get('Isolation'), [
      '',
      '| probe | slow |',
      '|---|---|',
      '| p0 | ✓ refused \\(1 of 1\\) |',
      '',
    ]);
    assert.deepEqual(sections.get('Warnings'), ['', '- warning 0', '']);
    assert.deepEqual(sections.get('Incidents'), ['', '- link: incident 0', '']);
    assert.doesNotMatch(text, /more in/);
  });

  it('of a run that has but comparisons has no other section', () => {
    const sections = sectionsOf(summaryMarkdown({ ...resultsWith(0), comparisons: [one!] }));
    assert.deepEqual([...sections.keys()], ['### s', '<sub>']);
  });

  it('tells how much more there is where a section is cut off', () => {
    const sections = sectionsOf(summaryMarkdown(resultsWith(65)));
    const last = (name: string) => sections.get(name)!.findLast((line) => line !== '');
    const rows = (name: string) => sections.get(name)!.filter((line) => /^(?:\| m|- )/.test(line)).length;
    const comparisons = sections.get('### s')!;
    assert.ok(comparisons.includes('5 more in results.json.'));
    assert.equal(comparisons.filter((line) => line.startsWith('| m')).length - 1, 60, 'and the head');
    assert.deepEqual(
      [rows('Boundary crossings') - 1, last('Boundary crossings')],
      [60, '5 more in results.json.'],
    );
    assert.deepEqual(
      [rows('Guests together') - 1, last('Guests together')],
      [20, '45 more in results.json.'],
    );
    assert.deepEqual(
      [rows('Overhead against work'), last('Overhead against work')],
      [31, '- 35 more in the report'],
    );
    assert.equal(rows('Warnings'), 10);
    assert.deepEqual([rows('Incidents'), last('Incidents')], [11, '- 55 more in the report']);
    assert.ok(
      comparisons.includes('- 36 more in the report'),
      'the sentences: one a mode, and one of isolation',
    );
  });

  it('of exactly as much as it holds says nothing of more', () => {
    assert.doesNotMatch(
      summaryMarkdown({ ...resultsWith(10), ...pick(resultsWith(20), 'sharing') }),
      /more in/,
    );
    assert.doesNotMatch(
      summaryMarkdown({ ...results, ...pick(resultsWith(60), 'comparisons') }),
      /more in results/,
    );
  });
});

function pick<K extends keyof Results>(from: Results, key: K): Pick<Results, K> {
  return { [key]: from[key] } as Pick<Results, K>;
}
