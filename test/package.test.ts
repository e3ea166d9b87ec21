/** What the package carries: all that its README and its help name, and nothing that only a checkout needs. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { execa } from 'execa';
import { bundlePage } from '../src/report/page-script.ts';

const ROOT = join(import.meta.dirname, '..');
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('the package', () => {
  let files: string[] = [];
  before(async () => {
    const { stdout } = await execa('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT });
    files = (JSON.parse(stdout) as { files: { path: string }[] }[]).flatMap((one) =>
      one.files.map(({ path }) => path),
    );
  });

  it('has every file that its README names', () => {
    const named = [...textOf('README.md').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)|(bench\/[\w./-]+\.yaml)/g)];
    const paths = new Set(named.map(([, link, plain]) => link ?? plain ?? ''));
    assert.ok(paths.size > 10);
    assert.deepEqual(
      [...paths].filter((path) => !files.includes(path)),
      [],
    );
  });

  it('has nothing that only a checkout needs', () => {
    assert.deepEqual(
      files.filter((path) => /\.map$|\.tsx?$(?<!\.d\.ts)|^(src|test|scripts|\.)|^lab\/test\//.test(path)),
      [],
    );
  });

  it('has the licence of each package that a report’s page has in it', () => {
    const inputs = Object.keys(bundlePage().metafile.inputs);
    const bundled = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
    assert.ok(bundled.includes('chart.js') && bundled.includes('preact'));
    const notices = textOf('THIRD-PARTY-NOTICES.md');
    for (const name of new Set(bundled)) {
      const file = ['LICENSE.md', 'LICENSE'].find((one) => existsSync(join(ROOT, 'node_modules', name, one)));
      assert.ok(notices.includes(`## ${name}\n`), name);
      assert.ok(notices.includes(textOf(`node_modules/${name}/${file ?? 'LICENSE'}`).trim()), name);
    }
    assert.ok(files.includes('THIRD-PARTY-NOTICES.md'));
  });
});
