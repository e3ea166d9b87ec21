import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { longTableTex, tableTex } from '../../src/report/latex.ts';
import { testFolder } from '../support/directory.ts';
import { HOSTILE, hostileResults } from '../support/hostile-run.ts';
import { complaintsOfLatex } from '../support/latex.ts';

describe('the LaTeX table', () => {
  const folder = testFolder();
  /** Of every block of characters, and of a script that TeX's usual fonts lack. */
  const all = Array.from({ length: 0x2800 }, (_, code) => String.fromCharCode(code));
  const texts = [
    ...HOSTILE,
    '漢字 🙂 ą ß ñ – “µs”',
    ...all.map((_, at) => all.slice(at * 80, at * 80 + 80).join('')),
  ];

  const results = texts.filter((text) => text !== '').map(hostileResults);

  it('compiles with any text in it, in a document of any author', async () => {
    const [first] = results;
    assert.ok(first);
    const together = { ...first, comparisons: results.flatMap(({ comparisons }) => comparisons) };
    assert.equal(await complaintsOfLatex(tableTex(together), join(folder, 'all')), '');
    assert.equal(await complaintsOfLatex(longTableTex(together), join(folder, 'long')), '');
  });

  it('has workloads by modes, with caption and label, and in parentheses what is not settled', () => {
    const [first] = results;
    const [one] = first!.comparisons;
    const table = tableTex({
      ...first!,
      name: 'a name_1',
      comparisons: [one!, { ...one!, workload: 'w2', verdict: 'inconclusive' }],
    }).split('\n');
    assert.ok(table.includes('\\label{tab:a-name-1}'));
    assert.match(
      table.find((line) => line.startsWith('\\caption'))!,
      /^\\caption\{Performance relative to /,
    );
    assert.equal(table[table.indexOf('\\toprule') + 1], 'workload & slow \\\\');
    assert.deepEqual(
      table.filter((line) => /scriptsize/.test(line)).map((line) => line.replace(/ \{.*/, '')),
      [`${one!.workload} & 48.5`, 'w2 & (48.5)'],
    );
  });

  it('has letters as they are, and says which character TeX has not', () => {
    const row = (text: string) => longTableTex(hostileResults(text)).split('\n')[7]?.split(' & ')[2];
    assert.equal(row('Zuß – é, 5 µs'), 'Zuß – é, 5 µs');
    assert.equal(row('漢🙂'), '\\textless{}U+6F22\\textgreater{}\\textless{}U+1F642\\textgreater{}');
    assert.equal(row('a<b|c>d'), 'a\\textless{}b\\textbar{}c\\textgreater{}d');
  });
});
