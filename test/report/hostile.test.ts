import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { chartsOf } from '../../src/chart/charts.ts';
import { samplesCsv } from '../../src/report/csv.ts';
import { oneLine, printable } from '../../src/words/printable.ts';
import { reportHtml } from '../../src/report/html.ts';
import { type PageData, pageData } from '../../src/report/page-data.ts';
import { escapeHtml, html } from '../../src/report/html-text.ts';
import { junitXml } from '../../src/report/junit.ts';
import { longTableTex, tableTex } from '../../src/report/latex.ts';
import { summaryMarkdown } from '../../src/report/markdown.ts';
import type { Results } from '../../src/compare/results.ts';
import { jsonText } from '../../src/words/printable.ts';
import { HOSTILE, hostileResults } from '../support/hostile-run.ts';
import { parseCsv } from './parse-csv.ts';
import { parseXml } from './parse-xml.ts';

/** Characters that move a cursor or reorder what is read. */
const UNSEEN =
  /[^\P{Cc}\n\r\t]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/u;

function pageOf(results: Results, experiment: string): string {
  return reportHtml({ results, charts: chartsOf(results), experiment });
}

const WRITERS = {
  'the page': (results: Results) => pageOf(results, results.cells[0]?.metric ?? ''),
  'results.json': (results: Results) => jsonText(results, 1),
  'the CSV': samplesCsv,
  'the Markdown': summaryMarkdown,
  'the LaTeX': tableTex,
  'the long LaTeX': longTableTex,
  'the JUnit XML': junitXml,
} as const;

describe('text that a guest printed', () => {
  for (const [name, write] of Object.entries(WRITERS))
    it(`has no control characters and no direction overrides left in ${name}`, () => {
      for (const text of HOSTILE)
        assert.doesNotMatch(write(hostileResults(text)), UNSEEN, JSON.stringify(text));
    });

  it('is printable once its control characters are signs, and stays as it is otherwise', () => {
    const code = String.fromCharCode;
    assert.equal(printable(`a${code(27)}[2J${code(0)}${code(13)}`), 'a␛[2J␀␍');
    assert.equal(printable(`${code(0x202e)}x${code(0x7f)}${code(0x9b)}`), '<U+202E>x<U+007F><U+009B>');
    assert.equal(printable('line\n\ttab ü 漢 🙂'), 'line\n\ttab ü 漢 🙂');
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !UNSEEN.test(printable(text))));
    fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => printable(text) === text));
  });

  it('is the same again where JSON is read, and the JSON has nothing in it that can’t be seen', () => {
    const unseen = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).join('a');
    for (const text of [...HOSTILE, unseen]) {
      const told = jsonText({ [text]: [text] }, 1);
      assert.deepEqual(JSON.parse(told), { [text]: [text] });
      assert.doesNotMatch(told, UNSEEN);
    }
    assert.equal(jsonText(`${String.fromCharCode(0x9b)}"\u202e<é漢🙂`), '"\\u009b\\"\\u202e<é漢🙂"');
    fc.assert(
      fc.property(
        fc.jsonValue(),
        (value) => jsonText(value) === JSON.stringify(value) || UNSEEN.test(JSON.stringify(value)),
      ),
    );
  });

  it('is one line of bounded length where a line is meant', () => {
    assert.equal(oneLine(' a\n\tb\u2028c  '), 'a b c');
    assert.equal(oneLine('x'.repeat(500)).length, 300);
    assert.ok(oneLine('x'.repeat(500)).endsWith('…'));
    assert.equal(oneLine('abc', 3), 'abc');
  });
});

describe('HTML', () => {
  it('escapes whatever is put into a template, unless it is HTML already', () => {
    const list = ['<b>', html`<i>${'&'}</i>`];
    assert.equal(
      html`<p title="${'"\''}">${list}${5}</p>`.text,
      '<p title="&quot;&#39;">&lt;b&gt;<i>&amp;</i>5</p>',
    );
    assert.equal(escapeHtml('<&>"\''), '&lt;&amp;&gt;&quot;&#39;');
  });

  it('shows hostile text and holds no element, attribute or script of it', () => {
    const tags = (page: string) => {
      const body = page.slice(page.indexOf('<body>')).replace(/<script[\s\S]*?<\/script>/g, '<script>');
      return [...body.matchAll(/<[a-z!/][^>]*>/gi)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
    };
    const page = (text: string) => pageOf(hostileResults(text), text);
    const harmless = page('harmless');
    for (const text of HOSTILE) {
      const found = page(text);
      assert.deepEqual(tags(found), tags(harmless), JSON.stringify(text));
      assert.equal(found.split('<script').length, harmless.split('<script').length);
      const packed =
        /<script type="text\/plain" id="data">([A-Za-z0-9+/=]*)<\/script>/.exec(found)?.[1] ?? '';
      const data = inflateRawSync(Buffer.from(packed, 'base64')).toString();
      const results = hostileResults(text);
      // As it reads back: what can't be seen is a sign there already.
      assert.deepEqual(JSON.parse(data), JSON.parse(JSON.stringify(pageData(results, chartsOf(results)))));
      assert.doesNotMatch((JSON.parse(data) as PageData).cells.map(({ metric }) => metric).join(''), UNSEEN);
    }
  });

  it('allows by its policy nothing but its own scripts and style', () => {
    const results = hostileResults('x');
    const page = reportHtml({ results, charts: [], experiment: 'x' });
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    assert.match(
      policy,
      /^default-src 'none'; script-src( 'sha256-[A-Za-z0-9+/=]+')+; style-src 'sha256-[^']+'; /,
    );
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.doesNotMatch(page.replace(/<script[\s\S]*?<\/script>/g, ''), /(src|href)="(?!data:|#)/);
    assert.doesNotMatch(page, / style="/);
  });
});

describe('Markdown', () => {
  const table = (text: string) => summaryMarkdown(hostileResults(text));

  it('keeps each text in its cell and its line', () => {
    const lines = table('harmless').split('\n').length;
    for (const text of HOSTILE) {
      const found = table(text);
      assert.equal(found.split('\n').length, lines, text);
      for (const row of found.split('\n').filter((line) => line.startsWith('|')))
        assert.ok([6, 5].includes(row.replaceAll('\\|', '').split('|').length), row);
    }
  });

  it('has no HTML, no link, no mention, no reference and no markup of it', () => {
    for (const text of HOSTILE) {
      const found = table(text)
        .replaceAll(/<\/?(sub|details|summary)>/g, '')
        .replaceAll('**Incidents**', '')
        .replace(/^###/, '');
      assert.doesNotMatch(found, /[<>]/);
      assert.doesNotMatch(found, /:\/\/|@\w|#\d|\bwww\.|\bgh\\?-\d/i);
      assert.doesNotMatch(found.replace(/^- |^\|.*?---.*$/gm, ''), /(?<!\\)[`*_[\]!~$]/);
      assert.doesNotMatch(found, /&(?!amp;|lt;|gt;)/);
    }
  });

  it('has at most 4 kB, however much there is to tell, and names what has no room', () => {
    const results = hostileResults('y'.repeat(5000));
    const [one] = results.comparisons;
    const [incident] = results.incidents;
    assert.ok(one && incident);
    const many = {
      ...results,
      comparisons: Array.from({ length: 300 }, () => one),
      incidents: Array.from({ length: 300 }, (_, at) => ({ ...incident, text: `${at} ${incident.text}` })),
    };
    const found = summaryMarkdown(many);
    assert.ok(Buffer.byteLength(found) <= 4096, `${Buffer.byteLength(found)} bytes`);
    assert.match(found, /^Also in the report: (.*, )?incidents(, .*)?\.$/m);
  });
});

describe('CSV', () => {
  it('is RFC 4180: each line ends in CR LF and has as many fields as the head', () => {
    for (const text of HOSTILE) {
      const found = samplesCsv(hostileResults(text));
      const rows = parseCsv(found);
      assert.deepEqual(rows[0], 'mode,workload,metric,unit,better,block,trial,index,guest,value'.split(','));
      assert.equal(rows.length, 1 + 5);
      for (const row of rows) assert.equal(row.length, 10, JSON.stringify(row));
    }
  });

  it('holds every sample with its place', () => {
    const rows = parseCsv(samplesCsv(hostileResults('gflops')));
    assert.deepEqual(rows[1], [
      'native',
      'mmul',
      'gflops',
      'gflops',
      'higher',
      '1',
      'b1.native.mmul',
      '0',
      '',
      '8',
    ]);
    assert.deepEqual(
      rows.slice(1).map((row) => row.at(-1)),
      ['8', '9', '8', '4', '4'],
    );
  });

  it('has a line for each guest’s own samples beside those of all together', () => {
    const results = hostileResults('x');
    const [cell] = results.cells;
    const [trial] = cell?.trials ?? [];
    assert.ok(cell && trial);
    const both = { ...cell, trials: [{ ...trial, values: [3], guests: { one: [1], two: [2] } }] };
    const rows = parseCsv(samplesCsv({ ...results, cells: [both] })).slice(1);
    assert.deepEqual(
      rows.map((row) => row.slice(-2)),
      [
        ['', '3'],
        ['one', '1'],
        ['two', '2'],
      ],
    );
  });

  it('says of each sample of the lab that it is from there', () => {
    const results = hostileResults('x');
    const [head, ...rows] = parseCsv(samplesCsv({ ...results, versions: { lab: 'software GPU' } }));
    assert.equal(head?.at(-1), 'lab');
    assert.deepEqual([...new Set(rows.map((row) => row.at(-1)))], ['yes']);
  });

  it('holds no formula', () => {
    for (const text of HOSTILE)
      for (const row of parseCsv(samplesCsv(hostileResults(text))))
        for (const field of row) assert.doesNotMatch(field, /^[=+\-@\t\r]/);
  });
});

describe('LaTeX', () => {
  it('sets hostile text as itself: every special sign is escaped, and each row stays a row', () => {
    for (const text of HOSTILE) {
      const lines = longTableTex(hostileResults(text)).trimEnd().split('\n');
      assert.equal(lines.length, 10, text);
      const row = lines[7] ?? '';
      assert.match(row, / \\\\$/);
      const bare = row
        .slice(0, -3)
        .replace(/\\text(backslash|asciitilde|asciicircum|less|greater|bar)\{\}/g, '')
        .replace(/\\[&%$#_{}]/g, '');
      assert.doesNotMatch(bare, /[\\%$#_^~{}]/, row);
      assert.equal(bare.split('&').length, 6, row);
    }
  });

  it('says which package it needs and how its figures were made, in comments', () => {
    const [needs = '', how = ''] = tableTex(hostileResults('x')).split('\n');
    assert.match(needs, /^% .*booktabs/);
    assert.match(how, /^% Randomised complete blocks from seed 3/);
  });
});

describe('JUnit XML', () => {
  it('is well-formed, whatever was printed, and gives the text back', () => {
    for (const text of HOSTILE) {
      const { elements, texts } = parseXml(junitXml(hostileResults(text)));
      assert.deepEqual([...new Set(elements)].sort(), [
        'error',
        'system-out',
        'testcase',
        'testsuite',
        'testsuites',
      ]);
      assert.ok(
        texts.includes(printable(text).replace(/[\t\n\r]/g, ' ')),
        `${JSON.stringify(text)} in ${texts.join(' / ')}`,
      );
    }
  });

  it('has a case for each comparison, which tells and does not fail, and an error for each trial without a figure', () => {
    const base = hostileResults('gflops');
    const [one] = base.comparisons;
    assert.ok(one);
    const verdicts = ['slower', 'faster', 'same', 'inconclusive'] as const;
    const found = junitXml({ ...base, comparisons: verdicts.map((verdict) => ({ ...one, verdict })) });
    assert.match(
      found,
      /<testsuite name="demo" tests="5" failures="0" errors="1" skipped="0" time="0\.000" timestamp="2026-01-02T03:04:\d\d">/,
    );
    assert.equal(found.match(/<testcase /g)?.length, 5);
    assert.match(
      found,
      /name="slow\/mmul\/gflops"><system-out>slower: 48\.5% of native, interval [\d.]+% to [\d.]+%<\/system-out>/,
    );
    assert.match(found, /<system-out>inconclusive: /);
    assert.match(found, /<error type="failed" message="gflops"\/>/);
  });
});
