import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { labDown } from '../../src/lab/down.ts';
import { layoutOf } from '../../src/lab/layout.ts';
import { labPaths } from '../../src/lab/paths.ts';
import { isRunning, ownProcess, startProcess } from '../../src/lab/processes.ts';
import { writeState } from '../../src/lab/state.ts';
import { labStatus } from '../../src/lab/status.ts';

const folder = mkdtempSync(join(tmpdir(), 'vgpubench-test-'));
const paths = labPaths(folder);
const quiet = (): void => undefined;
after(() => {
  rmSync(folder, { recursive: true });
});

describe('the lab after a crash', () => {
  it('is told from what was written down, and taken down by it', async () => {
    assert.equal((await labStatus(paths)).state, 'down');
    const left = await startProcess('sleep', ['60'], join(folder, 'log'));
    const socket = join(folder, 'left.sock');
    writeFileSync(socket, '');
    await writeState(paths, {
      version: 1,
      accelerator: 'tcg',
      owner: { ...(await ownProcess()), startTicks: 1 },
      ready: false,
      processes: [{ ...left, name: 'bare-qemu' }],
      files: [socket],
      hosts: [],
      guests: [],
    });
    assert.equal((await labStatus(paths)).state, 'broken');
    await labDown(quiet, paths);
    assert.equal(await isRunning(left), false);
    assert.equal(existsSync(socket), false);
    assert.equal((await labStatus(paths)).state, 'down');
  });
});

describe('layoutOf', () => {
  it('names machines by their aliases', () => {
    assert.deepEqual(layoutOf(2, true).aliases, ['lab-bare', 'lab-dom0', 'lab-g1', 'lab-g2']);
    assert.deepEqual(layoutOf(0, true).aliases, ['lab-bare']);
  });

  it('refuses more guests than there are slices for', () => {
    assert.throws(() => layoutOf(8, true), /0 to 7 guests/);
  });
});
