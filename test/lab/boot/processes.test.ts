import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { execa } from 'execa';
import * as z from 'zod';
import { endProcess, startProcess } from '../../../src/lab/boot/processes.ts';
import { waitForSsh } from '../../../src/lab/boot/wait.ts';
import { Problem } from '../../../src/problem.ts';
import { isRunning, type ProcessId } from '../../../src/process/process-id.ts';
import { until } from '../../support/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'vgpubench-test-'));
const STARTER = [
  '--import',
  import.meta.resolve('tsx'),
  join(import.meta.dirname, '../../support/process-starter.ts'),
];
const noted = (): Promise<void> => Promise.resolve();
after(() => {
  rmSync(folder, { recursive: true });
});

describe('waiting for a box', () => {
  it('ends once its machine has ended, and says what QEMU said', async () => {
    const machineLog = join(folder, 'qemu');
    writeFileSync(machineLog, 'qemu: cannot set up guest memory\n');
    const wait = {
      alias: 'lab-bare',
      sshConfig: join(folder, 'no-config'),
      machine: { pid: process.pid, startTicks: 1 },
      consoleLog: join(folder, 'no-console'),
      machineLog,
      deadlineMs: 60_000,
      signal: undefined,
    };
    await assert.rejects(waitForSsh(wait), (error) => {
      assert.ok(error instanceof Problem);
      assert.match(error.message, /^lab-bare did not come up: QEMU ended before it/);
      assert.deepEqual(error.details, [
        `QEMU’s own output (${machineLog}) ends with:`,
        'qemu: cannot set up guest memory',
      ]);
      return true;
    });
  });
});

describe('processes', () => {
  it('starts one apart from us and ends it', async () => {
    const log = join(folder, 'log');
    const id = await startProcess('sh', ['-c', 'echo here; exec sleep 60'], log, noted);
    assert.equal(isRunning(id), true);
    await until('it has said so in its log', () => readFileSync(log, 'utf8') === 'here\n');
    assert.equal(await endProcess(id), true);
    assert.equal(isRunning(id), false);
  });

  it('says in its log that it could not be run', async () => {
    const log = join(folder, 'dead');
    const id = await startProcess('no-such-program', [], log, noted);
    await until('it has ended', () => !isRunning(id));
    assert.match(readFileSync(log, 'utf8'), /no-such-program: not found/);
  });

  it('runs nothing that could not be written down', async () => {
    const made = join(folder, 'made');
    let unknown: ProcessId | undefined;
    const failed = startProcess('touch', [made], join(folder, 'unknown'), (id) => {
      unknown = id;
      return Promise.reject(new Error('no room'));
    });
    await assert.rejects(failed, /no room/);
    await until('it has ended', () => unknown !== undefined && !isRunning(unknown));
    assert.equal(existsSync(made), false);
  });

  it('killed before it has written a process down, leaves it unrun', async () => {
    const made = join(folder, 'orphan');
    const starting = execa(process.execPath, [...STARTER, made, join(folder, 'orphan-log')], {
      reject: false,
    });
    const [line] = (await once(starting.stdout, 'data')) as [Buffer];
    const id = z.object({ pid: z.number(), startTicks: z.number() }).parse(JSON.parse(line.toString()));
    assert.equal(isRunning(id), true);
    starting.kill('SIGKILL');
    await starting;
    await until('it has ended', () => !isRunning(id));
    assert.equal(existsSync(made), false);
  });

  it('does not take another process for one that has ended', async () => {
    assert.equal(isRunning({ pid: process.pid, startTicks: 1 }), false);
    assert.equal(await endProcess({ pid: process.pid, startTicks: 1 }), false);
  });

  it('insists when asking does not help', async () => {
    const id = await startProcess(
      'sh',
      ['-c', 'trap "" TERM; while :; do sleep 1; done'],
      join(folder, 'stubborn'),
      noted,
    );
    assert.equal(await endProcess(id), true);
    assert.equal(isRunning(id), false);
  });
});
