import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tableTex } from '../../src/report/latex.ts';
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

  it('compiles with any text in it, in a document of any author', async () => {
    const results = texts.filter((text) => text !== '').map(hostileResults);
    const [first] = results;
    assert.ok(first);
    const table = tableTex({ ...first, comparisons: results.flatMap(({ comparisons }) => comparisons) });
    assert.equal(await complaintsOfLatex(table, join(folder, 'all')), '');
  });

  it('has letters as they are, and says which character TeX has not', () => {
    const row = (text: string) => tableTex(hostileResults(text)).split('\n')[6]?.split(' & ')[2];
    assert.equal(row('Zuß – é, 5 µs'), 'Zuß – é, 5 µs');
    assert.equal(row('漢🙂'), '\\textless{}U+6F22\\textgreater{}\\textless{}U+1F642\\textgreater{}');
    assert.equal(row('a<b|c>d'), 'a\\textless{}b\\textbar{}c\\textgreater{}d');
  });
});
