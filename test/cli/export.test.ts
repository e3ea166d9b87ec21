import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { vgpubench } from '../support/cli-in-process.ts';
import { testFolder } from '../support/directory.ts';
import { writeRun } from './run-directories.ts';

describe('vgpubench export', () => {
  const folder = testFolder();
  writeRun(join(folder, 'run'), { seed: 3 });
  const call = (...args: string[]) => vgpubench(['export', ...args], folder);

  it('writes the files of each format, prints their paths, and writes the same bytes again', async () => {
    for (const [format, ...names] of [
      ['github-action-benchmark', 'bigger-is-better.json', 'smaller-is-better.json'],
      ['bencher', 'bencher.json'],
      ['openmetrics', 'metrics.txt'],
      ['otava', 'otava.csv', 'otava.yaml'],
    ] as const) {
      const made = async () => {
        const ended = await call('run', '--format', format, '--out', `made/${format}`, '--commit', 'abc');
        assert.equal(ended.exitCode, 0, ended.stderr);
        assert.deepEqual(
          ended.stdout.split('\n'),
          names.map((name) => join('made', format, name)),
        );
        return names.map((name) => readFileSync(join(folder, 'made', format, name), 'utf8'));
      };
      assert.deepEqual(await made(), await made());
    }
  });

  it('teaches with --help, and refuses what it can’t do with 2 and the words for it', async () => {
    assert.match((await call('--help')).stdout, /Examples:\n {2}\$ vgpubench export RUN --format/);
    const unknown = await call('run', '--format', 'conbench', '--out', 'x');
    assert.equal(unknown.exitCode, 2);
    assert.match(unknown.stderr, /github-action-benchmark/);
    const nowhere = await call('run', '--format', 'bencher', '--out', '/proc/x');
    assert.equal(nowhere.exitCode, 2);
    assert.match(nowhere.stderr, /VGB-RUN-WRITE/);
  });

  it('exits with 4 and writes nothing where the run has no figure', async () => {
    writeRun(join(folder, 'empty'), { upTo: 0 });
    const { exitCode, stderr } = await call('empty', '--format', 'bencher', '--out', 'none');
    assert.equal(exitCode, 4, stderr);
    assert.match(stderr, /VGB-EXPORT-NOTHING[\s\S]*0 of 20 trials completed[\s\S]*next: /);
    assert.ok(!existsSync(join(folder, 'none')));
  });
});
