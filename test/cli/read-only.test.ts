/** A run directory on a file system that is mounted to be read only, which root can't write to, either. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { execa } from 'execa';
import { NEUTRAL, PROGRAM } from '../support/cli.ts';
import { EXPERIMENT } from '../support/experiment-text.ts';
import { machinesFolder } from '../support/machine.ts';
import { assertTold } from '../support/told.ts';
import { writeRun } from './run-directories.ts';

const LIMIT_MS = 20_000;

/** The command line where `folder` is on a file system that can't be written to. */
function onReadOnly(folder: string, args: readonly string[], cwd: string) {
  const script = `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$PWD" && exec "$@"`;
  return execa(
    'unshare',
    [
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      script,
      folder,
      process.execPath,
      ...PROGRAM,
      ...args,
    ],
    { reject: false, timeout: LIMIT_MS, cwd, env: NEUTRAL },
  );
}

describe('a run directory on a file system that can’t be written to', () => {
  const folder = machinesFolder();
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, 'e.yaml'), EXPERIMENT);

  it('is told where it would be made', async () => {
    const full = join(folder, 'read-only');
    mkdirSync(join(full, 'there'), { recursive: true });
    for (const out of [full, join(full, 'there'), join(full, 'new'), join(full, 'new/and/deep')]) {
      const ended = await onReadOnly(full, ['run', join(folder, 'e.yaml'), '--out', out], folder);
      assertTold(ended, /VGB-RUN-WRITE[\s\S]*EROFS/, out);
    }
    const ended = await onReadOnly(full, ['run', join(folder, 'e.yaml')], full);
    assertTold(ended, /cannot write to reports\/demo-.*VGB-RUN-WRITE[\s\S]*EROFS/, 'reports/');
  });
});

describe('a run on a file system that can’t be written to', () => {
  const folder = machinesFolder();
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const run = writeRun(join(folder, 'run'), { seed: 1 });

  for (const [command, ...more] of [
    ['run', join(run, 'experiment.yaml'), '--out', run],
    ['resume', run],
    ['restore', run],
  ] as const)
    it(`is told: ${command} ${more.slice(1, 2).join('')}`, async () => {
      const ended = await onReadOnly(folder, [command, ...more], folder);
      const said = command === 'run' ? /VGB-RUN-EXISTS/ : /VGB-RUN-WRITE[\s\S]*EROFS/;
      assertTold(ended, said, command);
    });

  for (const more of [[], ['--baseline', 'slow'], ['--gate', run]])
    it(`is reported on stdout, and told that no file could be made: ${more.join(' ')}`, async () => {
      const { exitCode, stdout, stderr } = await onReadOnly(folder, ['report', run, ...more], folder);
      assert.equal(exitCode, 4, stderr);
      assert.match(stderr, /^error: \S+ could not be made: EROFS.*\[VGB-REPORT-FILE\]\n {2}next: /);
      assert.equal(stderr.trim().split('\n').length, 2, 'one line, and not one for each file');
      assert.match(stdout, /20 of 20 trials completed/);
      assert.doesNotMatch(stdout, /^report:/m);
    });

  it('is compared all the same', async () => {
    const { exitCode, stderr } = await onReadOnly(folder, ['compare', run, run], folder);
    assert.equal(exitCode, 0, stderr);
  });
});
