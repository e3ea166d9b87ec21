/** Which files a run takes is told by what they import: a new one needs no list, and none is forgotten. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { spawnSync } from 'node:child_process';
import { closingLast } from './support/closing-last.ts';
import { testFolder } from './support/directory.ts';
import { GROUPS, QUIET, needsOf } from './support/groups.ts';
import { watchTemporary } from './support/left-behind.ts';
import { wavesOf } from './support/schedule.ts';

const ROOT = join(import.meta.dirname, '..');

/** The groups of `test/a/new.test.ts`, or of another file, in a checkout of these files. */
function groupsOf(files: Readonly<Record<string, string>>, path = 'test/a/new.test.ts'): string[] {
  return Object.entries(GROUPS).flatMap(([name, takes]) =>
    takes(path, (file) => files[file]) ? [name] : [],
  );
}

/** Not in the planted import itself, which would make this file one that needs it. */
const BROWSER = 'playwright-core';
const of = (module: string) => `import '${module}';`;

describe('a new test file', () => {
  it('is of the core, and fast where it imports nothing that needs a thing of the machine', () => {
    assert.deepEqual(groupsOf({ 'test/a/new.test.ts': "import { a } from '../../src/a.ts';" }), [
      'core',
      'fast',
    ]);
  });

  it('is not fast where it imports what does, at however many removes, and in a circle', () => {
    for (const module of [
      'support/lab.ts',
      'support/make.ts',
      'support/loopback.ts',
      '../bench/loopback/sshd.ts',
    ])
      assert.deepEqual(
        groupsOf({ 'test/a/new.test.ts': `import { a } from '../${module}';` }),
        ['core'],
        module,
      );
    assert.deepEqual(
      groupsOf({
        'test/a/new.test.ts': "import './helper.ts';",
        'test/a/helper.ts': "import './other.ts';",
        'test/a/other.ts': `import './helper.ts';\nimport { chromium } from '${BROWSER}';`,
      }),
      ['core'],
    );
  });

  it('is long by its name alone', () => {
    assert.deepEqual(groupsOf({}, 'test/a/new.long.test.ts'), ['long']);
  });
});

describe('what the test files of this checkout need', () => {
  const read = (path: string) =>
    existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : undefined;
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => `test/${path}`);
  const needs = new Map(files.map((path) => [path, needsOf(path, read)]));
  const needing = (need: string) => files.filter((path) => needs.get(path)?.includes(need));

  it('is found for each kind of need', () => {
    for (const need of ['sshd', 'the lab', 'Chromium', 'a C compiler', 'QEMU', 'libvirt'])
      assert.notEqual(needing(need).length, 0, need);
  });

  it('is told by its imports, also where a file names the program itself', () => {
    const signs: [RegExp, string][] = [
      [/\/sbin\/sshd\b/, 'sshd'],
      [/\/bin\/chromium\b/, 'Chromium'],
      [/execa\(\s*'(make|gcc)'/, 'a C compiler'],
      [/-machine [^ ]+,accel=tcg/, 'QEMU'],
    ];
    for (const [sign, need] of signs)
      assert.deepEqual(
        files.filter((path) => sign.test(read(path) ?? '') && !needing(need).includes(path)),
        [],
      );
  });
});

describe('what runs beside what', () => {
  const texts: Readonly<Record<string, string>> = {
    'test/a.test.ts': '',
    'test/b.test.ts': of('./support/targets.ts'),
    'test/c.test.ts': of('./support/lab.ts'),
    'test/d.test.ts': of('./support/lab.ts'),
    'test/loopback.long.test.ts': '',
    'test/support/targets.ts': of('../../bench/loopback/sshd.ts'),
  };
  const waves = (files: readonly string[]) =>
    wavesOf({ root: '/root', files, read: (path) => texts[path], cores: 2 });

  it('is what waits, and then what computes, in shared processes, but what needs quiet is alone', () => {
    const [beside, alone, ...more] = waves(Object.keys(texts).filter((path) => path.endsWith('.test.ts')));
    assert.ok(beside !== undefined);
    assert.deepEqual(
      beside.files.map((shard) => readFileSync(shard, 'utf8')),
      ['b', 'a'].map((name) => `import "file:///root/test/${name}.test.ts";\n`),
    );
    assert.ok(beside.concurrency > 2, 'while some wait, others compute');
    assert.deepEqual(alone, {
      files: ['c', 'd', 'loopback.long'].map((name) => `/root/test/${name}.test.ts`),
      concurrency: 1,
    });
    assert.deepEqual(more, []);
  });

  it('has no wave of nothing', () => {
    assert.equal(waves(['test/a.test.ts']).length, 1);
    assert.equal(waves(['test/c.test.ts']).length, 1);
  });

  it('is told of files that there are, each with its reason', () => {
    for (const [path, why] of Object.entries(QUIET)) {
      assert.ok(existsSync(join(ROOT, path)), path);
      assert.notEqual(why, '');
    }
  });
});

describe('what a run prints', () => {
  it('ends with node:test’s closing lines, below what failed, of all its waves in one', async () => {
    const [file, place] = ['/a.test.ts', { nesting: 0, line: 1, column: 1, file: '/a.test.ts' }];
    const details = { duration_ms: 1500, error: new Error('this is wrong') };
    const events = [
      { type: 'test:fail', data: { ...place, name: 'a test', testNumber: 1, details } },
      { type: 'test:complete', data: { ...place, name: 'a test', testNumber: 1, details } },
      { type: 'test:complete', data: { ...place, name: file, testNumber: 1, details } },
      { type: 'test:diagnostic', data: { ...place, message: 'said by a test' } },
      { type: 'test:diagnostic', data: { nesting: 0, message: 'tests 1' } },
      { type: 'test:diagnostic', data: { nesting: 0, message: 'fail 1' } },
      { type: 'test:diagnostic', data: { nesting: 0, message: 'tests 3' } },
      { type: 'test:diagnostic', data: { nesting: 0, message: 'fail 0' } },
    ];
    let printed = '';
    const told = Readable.from(events) as AsyncIterable<TestEvent>;
    for await (const text of closingLast(told, () => ['found in the end'])) printed += text;
    const [said, failing, closing] = ['said by a test', 'failing tests', 'ℹ tests 4\nℹ fail 1\n'].map(
      (text) => printed.lastIndexOf(text),
    ) as [number, number, number];
    assert.ok(said >= 0 && failing > said && closing > failing, printed);
    assert.match(
      printed,
      /\nℹ 1 files in .* slowest: .*a\.test\.ts 1\.5 s\nfound in the end\nℹ tests 4\nℹ fail 1\n$/,
    );
  });
});

describe('what tests leave', () => {
  const folder = testFolder();
  const { pid: dead } = spawnSync('true');
  const token = 'vgpubench-0123456789abcdef';

  /** A machine on which nothing but this was found. */
  function machine(name: string, before: readonly string[] = []) {
    const at = (place: string) => join(folder, name, place);
    const make = (paths: readonly string[]) => {
      for (const path of paths) mkdirSync(at(path), { recursive: true });
    };
    make(['tmp', 'shm', 'run', ...before]);
    const watched = watchTemporary({ outer: at('tmp'), guests: [at('shm'), at('tmp')], machines: at('run') });
    return { at, make, watched };
  }

  it('is told by its path: in a folder of their own anything, elsewhere what is ours', () => {
    const { at, make, watched } = machine('all', [`shm/${token}`]);
    assert.deepEqual(watched.left(), []);
    writeFileSync(join(watched.folder, 'file'), '');
    const ours = ['shm/vgpubench-fedcba9876543210', 'tmp/vgpubench-lock-7', `run/vgb-test-${dead}-a`];
    make(ours);
    make(['shm/other', 'tmp/other', 'run/other', `run/vgb-test-${process.pid}-a`]);
    assert.deepEqual(watched.left(), [join(watched.folder, 'file'), ...ours.map(at)]);
    watched.end();
    assert.equal(existsSync(watched.folder), false);
  });

  it('in guests may be of another run of tests that is under way, but of none that was', () => {
    const { at, make, watched } = machine('others', [`tmp/vgb-t-${dead}-a`]);
    make([`shm/${token}`]);
    assert.deepEqual(watched.left(), [at(`shm/${token}`)]);
    make([`tmp/vgb-t-${process.pid}-other`]);
    assert.deepEqual(watched.left(), []);
    watched.end();
  });

  it('does not count what tsx compiled, which is kept for the next run', () => {
    const { at, watched } = machine('compiled');
    const [compiled = ''] = readdirSync(watched.folder);
    writeFileSync(join(watched.folder, compiled, 'kept'), '');
    assert.deepEqual(watched.left(), []);
    watched.end();
    assert.ok(existsSync(join(at('tmp'), compiled, 'kept')));
  });
});
