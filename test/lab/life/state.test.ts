import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startProcess } from '../../../src/lab/boot/processes.ts';
import { labDown } from '../../../src/lab/life/down.ts';
import { writeState } from '../../../src/lab/life/state.ts';
import { labStatus } from '../../../src/lab/life/status.ts';
import { labPaths } from '../../../src/lab/paths.ts';
import { Problem } from '../../../src/problem.ts';
import { isRunning } from '../../../src/process/process-id.ts';
import { testFolder } from '../../support/directory.ts';

const folder = testFolder();
const paths = labPaths(folder);
const quiet = (): void => undefined;
const noted = (): Promise<void> => Promise.resolve();

describe('the lab after a crash', () => {
  it('is told from what was written down, and taken down by it', async () => {
    assert.equal((await labStatus(paths)).state, 'down');
    const left = await startProcess('sleep', ['60'], join(folder, 'log'), noted);
    const socket = join(folder, 'left.sock');
    writeFileSync(socket, '');
    await writeState(paths, {
      version: 1,
      accelerator: 'tcg',
      ready: false,
      processes: [{ ...left, name: 'bare-qemu' }],
      files: [socket],
      hosts: [],
      guests: [],
      guestCpus: 1,
    });
    assert.equal((await labStatus(paths)).state, 'broken');
    await labDown(quiet, paths);
    assert.equal(isRunning(left), false);
    assert.equal(existsSync(socket), false);
    assert.equal((await labStatus(paths)).state, 'down');
  });
});

describe('a lab whose state is damaged, or of another version', () => {
  const file = join(paths.run, 'state.json');
  const told: string[] = [];
  const report = (step: string): void => {
    told.push(step);
  };

  it('is broken, and is taken down as far as its processes can be read', async () => {
    const left = await startProcess('sleep', ['60'], join(folder, 'log'), noted);
    const socket = join(folder, 'older.sock');
    writeFileSync(socket, '');
    const older = {
      version: 0,
      processes: [{ ...left, name: 'xen-qemu' }, { pid: 'none' }],
      files: [socket, 7],
    };
    writeFileSync(file, JSON.stringify(older));
    assert.equal((await labStatus(paths)).state, 'broken');
    await labDown(report, paths);
    assert.equal(isRunning(left), false);
    assert.equal(existsSync(socket), false);
    assert.equal((await labStatus(paths)).state, 'down');
    assert.deepEqual(told, ['stop xen-qemu']);
  });

  for (const text of ['', '{"version": 1, "proc', 'null', '[]', '{"version": 1}'])
    it(`is broken, and what may be left of it is said: ${JSON.stringify(text)}`, async () => {
      told.length = 0;
      writeFileSync(file, text);
      assert.equal((await labStatus(paths)).state, 'broken');
      await labDown(report, paths);
      assert.equal((await labStatus(paths)).state, 'down');
      assert.match(told.join(), /state\.json is damaged, or from another version: end any/);
    });

  it('is told by its file where that can’t be read at all', async () => {
    mkdirSync(file);
    await assert.rejects(labStatus(paths), (error) => {
      assert.ok(error instanceof Problem && error.code === 'VGB-LAB-STATE');
      assert.match(error.next ?? '', /state\.json/);
      return true;
    });
    rmSync(file, { recursive: true });
  });
});
