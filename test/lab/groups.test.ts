/** src/lab/ in three groups: what the boxes are made of, how they boot, and the life of a lab as a whole. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { badImports, folderOf } from '../support/imports.ts';

const LAB = join(import.meta.dirname, '../../src/lab');

/** What each group may import from, besides itself and problem.ts; '' is what lies in src/lab/ itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  '': [],
  make: [''],
  boot: ['', 'make', 'process'],
  life: ['', 'make', 'boot', 'process'],
};

const sources = readdirSync(LAB, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join(LAB, path), 'utf8') }));

describe("the lab's groups", () => {
  it('are all there', () => {
    assert.deepEqual(
      [...new Set(sources.map(({ path }) => folderOf(path)))].sort(),
      Object.keys(MAY_IMPORT).sort(),
    );
  });

  it('import one way: life from boot from make, and all from what they share', () => {
    assert.deepEqual(
      sources.flatMap((file) => badImports(file, MAY_IMPORT)),
      [],
    );
  });

  it('would be told of an import the other way', () => {
    const planted = { path: 'make/images.ts', text: "import { useLab } from '../life/use.ts';" };
    assert.deepEqual(badImports(planted, MAY_IMPORT), ['make/images.ts imports life/use.ts']);
    const process = {
      path: 'make/images.ts',
      text: "import { isRunning } from '../../process/process-id.ts';",
    };
    assert.equal(badImports(process, MAY_IMPORT).length, 1);
  });
});
