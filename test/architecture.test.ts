import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
/** Every path that stands in backquotes; those of the text without their src/. */
const pathsIn = (text: string) => [...text.matchAll(/`([\w./-]+\/[\w./-]*)`/g)].map(([, path = '']) => path);
const named = pathsIn(text);

const foldersIn = (path: string) =>
  readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${path}${entry.name}/`);

describe('ARCHITECTURE.md', () => {
  it('names only files and folders that there are', () => {
    const missing = named.filter(
      (path) =>
        !/\bNAME\b/.test(path) &&
        !path.startsWith('/') &&
        ![join(ROOT, path), join(ROOT, 'src', path)].some((one) => existsSync(one)),
    );
    assert.deepEqual(missing, []);
    assert.ok(named.length > 80, `${named.length} paths`);
  });

  it('names every folder of src/, of src/lab/ and of lab/', () => {
    const folders = [...foldersIn('src/'), ...foldersIn('lab/')];
    assert.deepEqual(
      folders.filter((folder) => !named.some((path) => path.startsWith(folder))),
      [],
    );
    for (const group of foldersIn('src/lab/'))
      assert.ok(named.includes(group) || named.some((path) => path.startsWith(group)), group);
  });
});

describe('docs/security.md', () => {
  it('names only tests that there are', () => {
    const paths = pathsIn(readFileSync(join(ROOT, 'docs/security.md'), 'utf8'));
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(ROOT, path))),
      [],
    );
    assert.ok(paths.length > 20, `${paths.length} paths`);
  });
});
