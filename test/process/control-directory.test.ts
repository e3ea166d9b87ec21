import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { controlDirectory } from '../../src/process/control-directory.ts';
import { testFolder } from '../support/directory.ts';
import { rejection } from '../support/problem.ts';

/** Runs with an empty folder for what is temporary. */
async function inTemporary(folder: string, run: (directory: string) => Promise<void>): Promise<void> {
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = folder;
  try {
    await run(folder);
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
  }
}

/** Of a process that is killed as it listens, as an ssh is. */
const LEFT_SOCKET = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;

describe('a folder for control sockets', () => {
  const folder = testFolder();
  const empty = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  };

  it('is private, and named after its process', () =>
    inTemporary(empty('a'), async (directory) => {
      const path = await controlDirectory();
      assert.equal(dirname(path), directory);
      assert.equal(dirname(path), tmpdir());
      assert.match(path, new RegExp(`/vgb-${process.pid}-\\w+$`));
      assert.equal(statSync(path).mode & 0o777, 0o700);
    }));

  it('has those of dead processes removed in which nobody listens, and nothing else', () =>
    inTemporary(empty('b'), async (directory) => {
      const { pid: dead } = spawnSync('true');
      const kept = [
        ...[`vgb-${process.pid}-mine`, `vgb-${dead}-full`, `vgb-${dead}-hears`],
        ...['vgb-0-a', 'vgb-x-a', `other-${dead}-a`],
      ];
      for (const name of [...kept, `vgb-${dead}-left`, `vgb-${dead}-too`]) mkdirSync(join(directory, name));
      writeFileSync(join(directory, `vgb-${dead}-full`, 'file'), '');
      spawnSync(process.execPath, ['-e', LEFT_SOCKET, join(directory, `vgb-${dead}-left`, 'a.1')]);
      assert.deepEqual(readdirSync(join(directory, `vgb-${dead}-left`)), ['a.1']);
      const server = await listen(join(directory, `vgb-${dead}-hears`, 'a.1'));
      try {
        const own = await controlDirectory();
        assert.deepEqual(readdirSync(directory).sort(), [...kept, own.slice(directory.length + 1)].sort());
      } finally {
        server.close();
      }
    }));

  it('that can’t be made is told with the way to have another', () =>
    inTemporary(empty('c'), async (directory) => {
      const file = join(directory, 'file');
      writeFileSync(file, '');
      process.env['TMPDIR'] = file;
      const { code, found, next } = await rejection(controlDirectory());
      assert.equal(code, 'VGB-TEMPORARY');
      assert.match(found ?? '', /ENOTDIR/);
      assert.match(next ?? '', /TMPDIR/);
    }));
});

function listen(path: string): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(path, () => {
      resolve(server);
    });
  });
}
