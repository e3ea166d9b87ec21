import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { endProcess, startProcess } from '../../../src/lab/boot/processes.ts';
import { waitForSsh } from '../../../src/lab/boot/wait.ts';
import { Problem } from '../../../src/problem.ts';
import { isRunning } from '../../../src/process/process-id.ts';
import { until } from '../../support/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'vgpubench-test-'));
after(() => {
  rmSync(folder, { recursive: true });
});

describe('waiting for a box', () => {
  it('ends once its machine has ended, and says so', async () => {
    const wait = {
      alias: 'lab-bare',
      sshConfig: join(folder, 'no-config'),
      machine: { pid: process.pid, startTicks: 1 },
      consoleLog: join(folder, 'no-console'),
      deadlineMs: 60_000,
      signal: undefined,
    };
    await assert.rejects(waitForSsh(wait), /^Problem: lab-bare had no machine any more/);
  });
});

describe('processes', () => {
  it('starts one apart from us and ends it', async () => {
    const log = join(folder, 'log');
    const id = await startProcess('sh', ['-c', 'echo here; exec sleep 60'], log);
    assert.equal(isRunning(id), true);
    await until('it has said so in its log', () => readFileSync(log, 'utf8') === 'here\n');
    assert.equal(await endProcess(id), true);
    assert.equal(isRunning(id), false);
  });

  it('says in the lab’s own words that one did not start', async () => {
    await assert.rejects(startProcess('no-such-program', [], join(folder, 'dead')), (error) => {
      assert.ok(error instanceof Problem && error.code === 'VGB-LAB-BOOT');
      assert.equal(error.message, 'no-such-program did not start, or ended at once');
      assert.deepEqual(error.details, ['it said nothing']);
      return true;
    });
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
    );
    assert.equal(await endProcess(id), true);
    assert.equal(isRunning(id), false);
  });
});
