/** Mistakes are told in the words of the file and of who wrote it, and not in those of the libraries that read it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadExperiment, parseExperiment } from '../../src/experiment/load.ts';
import { describeProblem } from '../../src/problem.ts';
import { testFolder } from '../support/directory.ts';
import { EXPERIMENT, experimentText } from '../support/experiment-text.ts';
import { problemOf } from '../support/problem.ts';

const told = (text: string) => describeProblem(problemOf(() => parseExperiment(text, 'f.yaml')));
const design = (entry: string) => told(`${EXPERIMENT}design: { ${entry} }\n`);

describe('what a value was expected to be', () => {
  for (const [title, text, expected] of [
    ['a count below the least', design('blocks: 0'), 'at least 1'],
    ['a count above the most', design('blocks: 10001'), 'at most 10000'],
    ['a count that is no number', design('samples: ten'), 'a number'],
    ['a count that is not whole', design('warmup: 1.5'), 'a whole number'],
    ['a yes or no', design('pilot: maybe'), 'true or false'],
    ['a text', experimentText('name: demo', 'name: [demo]'), 'a text'],
    ['a list that is empty', experimentText('on: guest', 'on: []'), 'a list of at least 1 entry'],
    ['a map', experimentText('{ ssh: gpu-host }', 'gpu-host'), 'a map of keys and values'],
    ['a list', `${EXPERIMENT.slice(0, EXPERIMENT.indexOf('workloads:'))}workloads: clpeak\n`, 'a list'],
    ['one of two types', experimentText('on: guest', 'on: 5'), 'a text, or a list'],
  ] as const)
    it(`is said plainly of ${title}`, () => {
      const all = text.startsWith('1 mistake') ? text : told(text);
      assert.match(all, new RegExp(`^ +expected: ${expected}$`, 'm'));
    });

  it('is in no case in the words of a library', () => {
    const strange =
      /\b(array|record|object|string|int|boolean)\b|>=|<=|parseAllDocuments|prototype|Invalid input/;
    for (const text of [
      '',
      'foo',
      '[]',
      '1: 2',
      `${EXPERIMENT}---\n${EXPERIMENT}`,
      experimentText('on: guest', 'on: {}'),
      experimentText('{ use: clpeak }', 'clpeak'),
      experimentText('{ use: clpeak }', '{ use: clpeak, tests: [] }'),
      `${EXPERIMENT}design: []\n`,
      `${EXPERIMENT}design: { aa: 10, confidence: 2 }\nmachines: []\n`,
    ])
      assert.doesNotMatch(told(text), strange);
  });
});

describe('a place in the file', () => {
  it('counts from 1, as its lines do', () => {
    assert.match(
      told(experimentText('{ use: clpeak }', '{ use: clpeak, tests: [x] }')),
      /workloads\.1\.tests\.1 is not/,
    );
    assert.match(
      told(experimentText('on: guest', 'on: [guest, gone]')),
      /modes\.slow\.on\.2 refers to something/,
    );
    assert.match(
      told(experimentText('{ use: clpeak }', '{ use: clpeak, sweep: { n: [] } }')),
      /workloads\.1\.sweep can’t be swept/,
    );
    assert.match(
      told(experimentText('{ use: clpeak }', '{ use: clpeak }\n  - { use: clpeak }')),
      /workloads\.2 contradicts another part of the file/,
    );
  });

  it('keeps a name that is a number', () => {
    assert.match(
      told(experimentText('bare: { ssh: gpu-host }', '7: { ssh: 1 }')),
      /targets\.7\.ssh is invalid/,
    );
  });
});

describe('what was found', () => {
  for (const [entry, found] of [
    ['design: { margin: 0% }', '"0%"'],
    ['design: { margin: 250% }', '"250%"'],
    ['design: { budget: 0s }', '"0s"'],
    ['limits: { output: 0kB }', '"0kB"'],
    ['limits: { output: 1GiB }', '"1GiB"'],
  ] as const)
    it(`is told as it was written: ${entry}`, () => {
      assert.match(told(`${EXPERIMENT}${entry}\n`), new RegExp(`^ +found: +${found}$`, 'm'));
    });

  it('is told so of delays and of what crossings cost, too', () => {
    const slow = (entry: string) => told(experimentText('on: guest', `on: guest, ${entry}`));
    assert.match(slow('hardware-costs: { trap: 20us to 5us }'), /found: +"20us to 5us"/);
  });
});

describe('a file of several documents', () => {
  it('is refused where the second one begins', () => {
    const text = told(`${EXPERIMENT}---\nname: second\n`);
    assert.match(
      text,
      /f\.yaml:1[23]:1: .*\n +expected: one experiment in a file\n +found: +a second one, after ---/,
    );
  });
});

describe('aliases that multiply', () => {
  it('are said to be too many', () => {
    const nine = (name: string) => Array.from({ length: 12 }, () => name).join(',');
    const text = told(`${EXPERIMENT}a: &a [${nine('1')}]\nb: &b [${nine('*a')}]\nc: [${nine('*b')}]\n`);
    assert.match(text, /found: +aliases of aliases, too many times over/);
  });
});

describe('the encoding of a file', () => {
  const scratch = testFolder();
  const read = (bytes: Buffer) => {
    const file = join(scratch, 'f.yaml');
    writeFileSync(file, bytes);
    return () => loadExperiment(file);
  };

  for (const [title, bytes] of [
    ['little-endian, as PowerShell writes it', Buffer.from(`\ufeff${EXPERIMENT}`, 'utf16le')],
    ['big-endian', Buffer.from(`\ufeff${EXPERIMENT}`, 'utf16le').swap16()],
    ['without a mark', Buffer.from(EXPERIMENT, 'utf16le')],
  ] as const)
    it(`is named where it is UTF-16, ${title}`, () => {
      const { code, expected, found, next } = problemOf(read(bytes));
      assert.deepEqual([code, expected, found], ['VGB-EXPERIMENT-READ', 'text in UTF-8', 'text in UTF-16']);
      assert.match(next ?? '', /iconv -f UTF-16(LE|BE)? -t UTF-8/);
    });

  it('is refused where it is none that is known', () => {
    const { found } = problemOf(read(Buffer.from(experimentText('demo', 'caf\u00e9'), 'latin1')));
    assert.equal(found, 'bytes that are not UTF-8, from line 1 on');
  });

  it('may be UTF-8 with a mark, and lines may end as on Windows', () => {
    const text = `\ufeff${EXPERIMENT.replaceAll('\n', '\r\n')}`;
    assert.equal(read(Buffer.from(text, 'utf8'))().experiment.name, 'demo');
  });
});

describe('a target that hosts itself', () => {
  it('is refused', () => {
    assert.match(
      told(experimentText('host: bare', 'host: guest')),
      /targets\.guest\.host contradicts another part of the file .*\n +expected: a target other than guest itself\n +found: +guest/,
    );
  });

  it('is refused by a detour, too', () => {
    const text = experimentText('{ ssh: gpu-host }', '{ ssh: gpu-host, host: guest }');
    assert.match(told(text), /found: +bare, on guest, on bare/);
  });
});
