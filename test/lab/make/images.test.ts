/** What is built is kept under what it was made from: an edit to what makes images must not boot old ones. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { labPaths } from '../../../src/lab/paths.ts';
import type * as Images from '../../../src/lab/make/images.ts';

const ROOT = join(import.meta.dirname, '../../..');
// In the checkout, where modules find the packages that they import.
mkdirSync(join(ROOT, '.cache'), { recursive: true });
const folder = mkdtempSync(join(ROOT, '.cache/images-test-'));
after(() => {
  rmSync(folder, { recursive: true });
});

/** A copy of the lab's modules, and of what they import, that a test may edit. */
function copyOfLab(compiled: boolean): string {
  const copy = join(folder, compiled ? 'dist' : 'src');
  const all = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  for (const path of all.filter((one) => /^(?:lab|process)\/.*\.ts$|^problem\.ts$/.test(one))) {
    const text = readFileSync(join(ROOT, 'src', path), 'utf8');
    const to = join(copy, compiled ? path.replace(/ts$/, 'js') : path);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, compiled ? compile(text) : text);
  }
  return copy;
}

function compile(text: string): string {
  const { ESNext: module } = ts.ModuleKind;
  const { ES2023: target } = ts.ScriptTarget;
  const compilerOptions = {
    module,
    target,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
  };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

/** Of the modules in `lab`, those that `module` loads when it runs, directly or through another; a type loads nothing. */
function loadedBy(module: string, lab: string): string[] {
  const loads = /^(?:import|export)\s+(?!type\b)[^;]*?from ['"](\.[^'"]+)['"];/gm;
  const found = new Set([module]);
  for (const path of found)
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(loads))
      found.add(join(dirname(path), name));
  return [...found].map((path) => relative(lab, path)).filter((path) => !path.startsWith('..'));
}

/** What images are kept under where the modules of `lab` make them. */
async function keyBy(module: string): Promise<() => Promise<string>> {
  const { imagesDigest } = (await import(pathToFileURL(module).href)) as typeof Images;
  const paths = { ...labPaths(join(folder, 'cache')), sources: join(ROOT, 'lab') };
  mkdirSync(paths.unpacked, { recursive: true });
  writeFileSync(join(paths.unpacked, 'manifest.json'), '{}');
  const keys = { identity: '', authorized: 'user', hostPrivate: Buffer.alloc(0), hostPublic: 'host' };
  return () => imagesDigest({ paths, keys, native: 'native-0' });
}

/** What `key` gives after an edit to a file, which is taken back. */
async function afterEdit(path: string, key: () => Promise<string>): Promise<string> {
  const text = readFileSync(path);
  appendFileSync(path, '// edited\n');
  const edited = await key();
  writeFileSync(path, text);
  return edited;
}

for (const [what, extension] of [
  ['as written', 'ts'],
  ['as compiled', 'js'],
] as const)
  describe(`what images are kept under, made by the lab’s modules ${what}`, () => {
    it('changes with each of them that has a hand in it, and with no other', async () => {
      const lab = join(copyOfLab(extension === 'js'), 'lab');
      const module = join(lab, `make/images.${extension}`);
      const key = await keyBy(module);
      const makers = loadedBy(module, lab);
      assert.ok(makers.includes(`make/elf.${extension}`), makers.join(', '));
      const first = await key();
      const forgotten: string[] = [];
      for (const maker of makers)
        if ((await afterEdit(join(lab, maker), key)) === first) forgotten.push(maker);
      assert.deepEqual(forgotten, []);
      assert.equal(await afterEdit(join(lab, `life/up.${extension}`), key), first);
    });
  });
