/** What `import { ... } from 'vgpubench'` gives a program, as docs/api.md has it: from dist/, which npm test builds. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { markedExperiment } from './support/experiment.ts';
import { testTargets } from './support/targets.ts';

const ROOT = join(import.meta.dirname, '..');

describe('the package as a library', () => {
  const lab = testTargets([{ alias: 'a' }]);

  /** A program's folder, into which the package is linked. */
  function program(name: string): string {
    assert.ok(existsSync(join(ROOT, 'dist/run/index.js')), 'not built: npm run build');
    const folder = join(lab.folder, name);
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    symlinkSync(ROOT, join(folder, 'node_modules/vgpubench'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    return folder;
  }

  it('runs an experiment by the program of docs/api.md', async () => {
    const folder = program('example');
    const docs = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
    writeFileSync(join(folder, 'run.js'), /```js\n([\s\S]*?)```/.exec(docs)?.[1] ?? '');
    const marker = join(folder, 'ran');
    writeFileSync(
      join(folder, 'experiment.yaml'),
      markedExperiment({ sshConfig: lab.servers.sshConfig, marker, blocks: 2, samples: 1, seconds: 0.05 }),
    );
    const run = (file: string) =>
      execa(process.execPath, ['run.js', file], { cwd: folder, reject: false, timeout: 60_000 });
    const { exitCode, stdout, stderr } = await run('experiment.yaml');
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^b1\.\S+: completed$/m);
    assert.match(stdout, /^\d+ trials were planned$/m);
    const [, report = ''] = /^report: (.*)$/m.exec(stdout) ?? [];
    assert.ok(existsSync(join(folder, report)), stdout);

    const missing = await run('missing.yaml');
    assert.deepEqual([missing.exitCode, missing.stdout], [2, '']);
    assert.match(missing.stderr, /VGB-EXPERIMENT-READ[\s\S]*next: /);
  });

  it('has types', async () => {
    const folder = program('types');
    writeFileSync(
      join(folder, 'a.ts'),
      `import { type Results, runExperiment } from 'vgpubench';
export const results: Results = (await runExperiment('x', { seed: 1 })).results;
// @ts-expect-error A seed is a number.
export const wrong = runExperiment('x', { seed: '1' });
`,
    );
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const options = ['--noEmit', '--module', 'nodenext', '--target', 'es2023', '--strict', '--types', 'node'];
    const types = ['--typeRoots', join(ROOT, 'node_modules/@types')];
    const { exitCode, stdout } = await execa(tsc, [...options, ...types, 'a.ts'], {
      cwd: folder,
      reject: false,
    });
    assert.equal(exitCode, 0, stdout);
  });
});
