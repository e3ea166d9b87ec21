import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { controlDirectory } from '../../src/process/control-directory.ts';
import { inDirectory } from '../support/directory.ts';
import { problemOf } from '../support/problem.ts';

/** Runs with an empty folder for what is temporary. */
function inTemporary<T>(run: (directory: string) => T): T {
  const { TMPDIR } = process.env;
  return inDirectory((directory) => {
    process.env['TMPDIR'] = directory;
    try {
      return run(directory);
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
    }
  });
}

describe('a folder for control sockets', () => {
  it('is private, and named after its process', () => {
    inTemporary((directory) => {
      const path = controlDirectory();
      assert.equal(dirname(path), directory);
      assert.equal(dirname(path), tmpdir());
      assert.match(path, new RegExp(`/vgb-${process.pid}-\\w+$`));
      assert.equal(statSync(path).mode & 0o777, 0o700);
    });
  });

  it('has those of dead processes removed that are empty, and nothing else', () => {
    inTemporary((directory) => {
      const { pid: dead } = spawnSync('true');
      const kept = [`vgb-${process.pid}-mine`, `vgb-${dead}-full`, 'vgb-0-a', 'vgb-x-a', `other-${dead}-a`];
      for (const name of [...kept, `vgb-${dead}-left`, `vgb-${dead}-too`]) mkdirSync(join(directory, name));
      writeFileSync(join(directory, `vgb-${dead}-full`, 'socket'), '');
      const own = controlDirectory();
      assert.deepEqual(readdirSync(directory).sort(), [...kept, own.slice(directory.length + 1)].sort());
    });
  });

  it('that can’t be made is told with the way to have another', () => {
    inTemporary((directory) => {
      const file = join(directory, 'file');
      writeFileSync(file, '');
      process.env['TMPDIR'] = file;
      const { code, found, next } = problemOf(() => controlDirectory());
      assert.equal(code, 'VGB-TEMPORARY');
      assert.match(found ?? '', /ENOTDIR/);
      assert.match(next ?? '', /TMPDIR/);
    });
  });
});
