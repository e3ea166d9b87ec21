/** What npm links hands the command line to what was built; the other tests run the sources. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { testFolder } from './support/directory.ts';

describe('bin/vgpubench', () => {
  const folder = testFolder();
  const bin = join(folder, 'bin', 'vgpubench');
  const built = join(folder, 'dist', 'cli');
  mkdirSync(join(folder, 'bin'));
  copyFileSync(join(import.meta.dirname, '../bin/vgpubench'), bin);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');

  it('says with 2 what to do where nothing was built', async () => {
    const { exitCode, stderr } = await execa(process.execPath, [bin], { reject: false });
    assert.equal(exitCode, 2);
    assert.match(stderr, /not built yet[\s\S]*next: npm ci/);
  });

  it('hands its words to what was built, and exits as that does', async () => {
    mkdirSync(built, { recursive: true });
    writeFileSync(
      join(built, 'main.js'),
      'export const main = async (words) => { console.log(JSON.stringify(words)); return 3; };',
    );
    const { exitCode, stdout } = await execa(process.execPath, [bin, 'run', 'a b'], { reject: false });
    assert.equal(exitCode, 3);
    assert.deepEqual(JSON.parse(stdout), ['run', 'a b']);
  });
});
