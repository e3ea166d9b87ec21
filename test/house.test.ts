import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { describe, it } from 'node:test';
import { modeKinds } from '../src/mode/kinds.ts';
import { workloadKinds } from '../src/workload/kinds.ts';
import {
  type SourceFile,
  badImports,
  controlsIn,
  effectsIn,
  folderOf,
  modulesIn,
  reachedFrom,
} from './support/imports.ts';

const ROOT = join(import.meta.dirname, '..');

/** What each folder of src/ may import from, besides itself and the leaves at the root. A run is a walk in one direction. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  '': [],
  process: [],
  words: [],
  statistics: [],
  target: ['words'],
  environment: ['words'],
  power: ['words'],
  mode: ['words', 'target', 'power'],
  workload: ['words', 'target'],
  experiment: ['words', 'power', 'mode', 'workload'],
  plan: ['experiment', 'workload', 'statistics'],
  record: ['process', 'words', 'experiment', 'plan'],
  measure: [
    ...['process', 'words', 'experiment', 'plan', 'target', 'power', 'mode', 'workload', 'environment'],
    'record',
  ],
  compare: ['words', 'experiment', 'mode', 'workload', 'plan', 'record', 'statistics'],
  chart: ['words', 'compare', 'trend', 'statistics'],
  gate: ['words', 'experiment', 'compare', 'statistics'],
  trend: ['words', 'experiment', 'record', 'compare', 'gate', 'statistics'],
  report: ['words', 'statistics', 'experiment', 'mode', 'chart', 'compare', 'gate', 'trend', 'record'],
  page: ['words', 'statistics', 'chart', 'report'],
  export: ['words', 'compare', 'gate', 'statistics', 'report'],
  fleet: ['words', 'record'],
  run: [
    ...['process', 'words', 'experiment', 'plan', 'target', 'power', 'mode', 'workload', 'environment'],
    'measure',
    ...['record', 'compare', 'gate', 'trend', 'report', 'export', 'fleet', 'lab'],
  ],
  cli: [
    ...['words', 'experiment', 'plan', 'record', 'compare', 'chart', 'gate', 'trend', 'report', 'export'],
    ...['lab', 'run'],
  ],
  lab: ['process'],
};

/** No file, clock, network, process or chance: the same arguments give the same bytes. */
function isPure(path: string): boolean {
  return (
    ['statistics', 'plan', 'compare', 'gate', 'trend', 'chart', 'page', 'export'].includes(folderOf(path)) &&
    path !== 'chart/render.ts'
  );
}

const SKIPPED = new Set(['node_modules', '.git', 'dist', '.cache', 'reports', 'fixtures', 'build']);
const TEXTS = new Set([
  '.ts',
  '.js',
  '.json',
  '.yaml',
  '.yml',
  '.md',
  '.sh',
  '.py',
  '.c',
  '.h',
  '.txt',
  '.html',
  '',
]);

/** Every file below a folder, but what is made or fetched. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

function read(paths: readonly string[], from: string): SourceFile[] {
  return paths.map((path) => ({
    path: relative(from, path).split(sep).join('/'),
    text: readFileSync(path, 'utf8'),
  }));
}

const sources = read(
  filesBelow(join(ROOT, 'src')).filter((path) => /\.tsx?$/.test(path)),
  join(ROOT, 'src'),
);

const byPath = new Map(sources.map((file) => [file.path, file]));

describe('the house', () => {
  it('has sources to look at', () => {
    assert.ok(sources.length > 60, `${sources.length} files`);
    assert.ok(
      sources.some(({ path }) => isPure(path)) && sources.some(({ path }) => folderOf(path) === 'cli'),
    );
  });

  it('has imports run in one direction', () => {
    assert.deepEqual(
      sources.flatMap((file) => badImports(file, MAY_IMPORT)),
      [],
    );
  });

  it('has directions without a circle: every list names only folders whose lists lead elsewhere', () => {
    const reach = (folder: string, seen: readonly string[]): void => {
      assert.ok(!seen.includes(folder), [...seen, folder].join(' <- '));
      for (const next of MAY_IMPORT[folder] ?? []) reach(next, [...seen, folder]);
    };
    for (const folder of Object.keys(MAY_IMPORT)) reach(folder, []);
    for (const list of Object.values(MAY_IMPORT)) assert.ok(!list.includes('cli'));
  });

  it('has statistics, plan, compare, chart specs and the page’s program touch no file, clock, network or process, by any way', () => {
    const pure = sources.filter(({ path }) => isPure(path));
    const reached = new Set(pure.flatMap(({ path }) => reachedFrom(path, byPath)));
    assert.ok([...reached].some(({ path }) => path === 'mode/kinds.ts'));
    assert.deepEqual([...reached].flatMap(effectsIn), []);
  });

  it('has programs of modes and workloads loaded when they are run, and not by who reads an experiment', () => {
    const readers = sources.filter(({ path }) => ['experiment', 'plan', 'compare'].includes(folderOf(path)));
    const reached = new Set(readers.flatMap(({ path }) => reachedFrom(path, byPath)).map(({ path }) => path));
    assert.ok(reached.has('mode/native/kind.ts') && reached.has('workload/command/kind.ts'));
    assert.deepEqual(
      [...reached].filter((path) => path.endsWith('/program.ts') || folderOf(path) === 'target'),
      [],
    );
  });

  it('has no kind of mode or workload known by name outside its own folder', () => {
    const names = [...modeKinds, ...workloadKinds].map(({ use }) => use).join('|');
    const known = new RegExp(`['"](?:${names}|lab-)['"]`);
    // zod's word for an issue of ours, the default name of the baseline, and the programs and the table of probes.
    const another = /\bcode(?::| ===) 'custom'|\.default\('native'\)|\bours\(|PROBE_NAMES, |head: \['probe'/;
    const found = sources
      .filter(({ path }) => !['mode', 'workload', 'power'].includes(folderOf(path)))
      .flatMap(({ path, text }) =>
        text
          .split('\n')
          .filter((line) => known.test(line) && !another.test(line))
          .map((line) => `${path}: ${line}`),
      );
    for (const line of ["use === 'lab-pvdrm'", "case 'hashcat':", "kind.startsWith('lab-')"])
      assert.match(line, known);
    assert.deepEqual(found, []);
  });

  it('has use cases print nothing: that is for the command line', () => {
    const printing = /(?<![-\w])process\.(?:stdout|stderr)\.write\b|(?<![-\w])console\.(?:log|error)\b/;
    const found = sources.filter(({ path, text }) => folderOf(path) !== 'cli' && printing.test(text));
    assert.deepEqual(
      found.map(({ path }) => path),
      [],
    );
  });

  it('has no source of more than 300 lines', () => {
    const long = sources
      .filter(({ text }) => text.trimEnd().split('\n').length > 300)
      .map(({ path }) => path);
    assert.deepEqual(long, []);
  });

  it('has no control characters in its text files', () => {
    const texts = filesBelow(ROOT).filter(
      (path) => TEXTS.has(extname(path)) && statSync(path).size < 2 ** 20,
    );
    assert.ok(texts.length > 100, `${texts.length} files`);
    assert.deepEqual(read(texts, ROOT).flatMap(controlsIn), []);
  });
});

describe('what holds the house finds a planted', () => {
  const found = (path: string, text: string) => badImports({ path, text }, MAY_IMPORT);

  it('import against the direction, however it is written', () => {
    for (const text of [
      "import { a } from '../cli/main.ts';",
      "import type { A } from '../cli/main.ts';",
      "import {\n  a,\n  b,\n} from '../cli/main.ts';",
      'export * from "../cli/main.ts";',
      "import '../cli/main.ts';",
      "const a = await import('../cli/main.ts');",
      "import { a } from '../../src/../cli/main.ts';",
    ])
      assert.equal(found('plan/plan.ts', text).length, 1, text);
    assert.deepEqual(found('plan/plan.ts', "import { a } from '../record/event.ts';"), [
      'plan/plan.ts imports record/event.ts',
    ]);
  });

  it('effect that is reached by way of another file, and not by a type or by what is loaded when it is run', () => {
    const file = (path: string, text: string) => [path, { path, text }] as const;
    const planted = new Map([
      file('plan/plan.ts', "import { a } from '../experiment/load.ts';\nexport const b = a;"),
      file('plan/quiet.ts', "import type { A } from '../experiment/load.ts';"),
      file('plan/lazy.ts', "export const a = async () => (await import('../experiment/load.ts')).a;"),
      file('experiment/load.ts', "import { readFileSync } from 'node:fs';"),
    ]);
    const effects = (path: string) => reachedFrom(path, planted).flatMap(effectsIn);
    assert.deepEqual(effects('plan/plan.ts'), ['experiment/load.ts imports node:fs']);
    assert.deepEqual([...effects('plan/quiet.ts'), ...effects('plan/lazy.ts')], []);
  });

  it('folder that no list names', () => {
    assert.deepEqual(found('utils/all.ts', ''), [
      'utils/all.ts is in a folder that no list of imports names: utils',
    ]);
  });

  it('and nothing where all is well', () => {
    const well =
      "import { z } from 'zod';\nimport { a } from './estimate.ts';\nimport { b } from '../problem.ts';\nimport { c } from '../experiment/schema.ts';";
    assert.deepEqual(found('plan/plan.ts', well), []);
    assert.deepEqual(modulesIn(well), ['zod', './estimate.ts', '../problem.ts', '../experiment/schema.ts']);
  });

  it('reach beyond the arguments', () => {
    const effects = (text: string) => effectsIn({ path: 'plan/plan.ts', text });
    for (const [text, what] of [
      ["import { readFileSync } from 'node:fs';", 'imports node:fs'],
      ["import process from 'node:process';", 'imports node:process'],
      ['const a = Date.now();', 'uses the clock (Date)'],
      ['const a = new Date();', 'uses the clock (Date)'],
      ['const a = performance.now();', 'uses the clock (performance)'],
      ['const a = process.env;', 'uses the process'],
      ['const a = Math.random();', 'uses chance that no seed gives'],
      ['await fetch("x");', 'uses the network'],
      ['setTimeout(f, 1);', 'uses a timer'],
    ] as const)
      assert.deepEqual(effects(text), [`plan/plan.ts ${what}`], text);
    assert.deepEqual(
      effects('// process. is told of here\n/** Date.now() too */\nconst a = new Date(5);'),
      [],
    );
  });

  it('control character or direction override, with its line', () => {
    const plant = (code: number) =>
      controlsIn({ path: 'a.md', text: `one\ntwo${String.fromCharCode(code)}\n\tthree` });
    assert.deepEqual(plant(27), ['a.md:2 holds U+001B']);
    assert.deepEqual(plant(0x202e), ['a.md:2 holds U+202E']);
    assert.deepEqual(plant(13), ['a.md:2 holds U+000D']);
    assert.deepEqual(plant(0x65), []);
  });
});
