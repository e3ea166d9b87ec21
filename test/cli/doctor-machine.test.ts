/** `doctor` without a file: what this machine lacks for the quickstart. */
import assert from 'node:assert/strict';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa, execaSync } from 'execa';
import { vgpubench } from '../support/cli.ts';
import { testFolder } from '../support/directory.ts';

const folder = testFolder();

/** A folder of programs: those named, as this machine has them, and others that print a line. */
function programs(names: readonly string[], others: Record<string, string>): string {
  const bin = mkdtempSync(join(folder, 'bin-'));
  for (const name of names)
    symlinkSync(execaSync('sh', ['-c', `command -v ${name}`]).stdout, join(bin, name));
  for (const [name, line] of Object.entries(others))
    writeFileSync(join(bin, name), `#!/bin/sh\necho '${line}'\n`, { mode: 0o755 });
  return bin;
}

const doctor = (path: string, ...words: string[]) =>
  vgpubench(['doctor', ...words], folder, { PATH: path, VGPUBENCH_LAB_CACHE: join(folder, 'cache') });

describe('doctor without a file', () => {
  const poor = programs(['sh', 'env', 'tar', 'make'], {
    'qemu-system-x86_64': 'QEMU emulator version 6.2.0',
    'ssh-keygen': '',
  });

  it('says what is missing or too old, what for, and how it is to be had', async () => {
    const { exitCode, stdout } = await doctor(poor);
    assert.equal(exitCode, 4, stdout);
    assert.match(
      stdout,
      /✗ this machine: QEMU: .*6\.2\.0; expected QEMU 7\.2 or newer, which runs the machines\n +next: .*qemu/,
    );
    assert.match(stdout, /✗ this machine: gcc: none; expected gcc 8\.0 or newer/);
    assert.match(stdout, /✗ this machine: gpgv or gpg: none/);
    assert.match(stdout, /✓ this machine: make: GNU Make/);
    assert.match(stdout, /✓ this machine: packages: .*over plain HTTP, from http/);
    assert.match(stdout, /checks failed\nto install everything missing: .*qemu.*gcc.*xz/);
  });

  it('lets what is only wanted be missing, and says so', async () => {
    assert.match((await doctor(poor)).stdout, /✓ this machine: zstd: none; it saves snapshots/);
  });

  it('says so as JSON, too', async () => {
    const { exitCode, stdout } = await doctor(poor, '--json');
    const { checks, install } = JSON.parse(stdout) as {
      checks: { what: string; ok: boolean }[];
      install: string;
    };
    assert.equal(exitCode, 4);
    assert.equal(checks.find(({ what }) => what === 'QEMU')?.ok, false);
    assert.match(install, /qemu/);
  });
});

describe('bin/vgpubench', () => {
  const program = join(import.meta.dirname, '../../bin/vgpubench');

  it('tells a Node that is too old for it so, and where there is a newer one', async () => {
    const older = (version: string) =>
      `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;
    for (const version of ['18.20.4', '20.19.2', '12.22.9']) {
      const { exitCode, stderr } = await execa(process.execPath, ['--import', older(version), program], {
        reject: false,
      });
      assert.equal(exitCode, 2);
      assert.match(stderr, /needs Node 20\.20 or newer[^]*nodejs\.org/);
    }
  });
});
