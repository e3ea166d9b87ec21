import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { TRIAL_MARK, endScript } from '../../src/target/guest-script.ts';

/** A trial's directory with the file of a shell of its own group, as the stream's shell leaves it. */
async function ended(graceMs: number, command: string): Promise<{ signal: unknown; stderr: string }> {
  const base = mkdtempSync(join(tmpdir(), 'vgb-test-'));
  const directory = join(base, 'run', 'trial');
  mkdirSync(directory, { recursive: true });
  const child = spawn('sh', ['-c', command], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await once(child.stdout, 'data');
    writeFileSync(join(directory, `shell.${child.pid}`), '');
    return await endedIn(directory, graceMs, child);
  } finally {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    rmSync(base, { recursive: true, force: true });
  }
}

async function endedIn(directory: string, graceMs: number, child: ChildProcess) {
  const exit = once(child, 'exit');
  // Not spawnSync: what is dead has to be reaped meanwhile, or it would seem to live on.
  const shell = execFile('sh', ['-c', endScript(directory, graceMs)]);
  const [stderr] = await Promise.all([text(shell.stderr!), once(shell, 'exit')]);
  assert.equal(shell.exitCode, 0);
  const [code, signal] = (await exit) as [number | null, string | null];
  assert.ok(!existsSync(join(directory, '..')), 'its files are gone');
  return { signal: signal ?? code, stderr };
}

describe('the end of a trial in its guest', () => {
  it('is by KILL where no grace is given, without a complaint of the shell', async () => {
    assert.deepEqual(await ended(0, 'trap "exit 7" TERM; echo; while :; do sleep 0.05; done'), {
      signal: 'SIGKILL',
      stderr: '',
    });
  });

  it('is by TERM first where there is grace', async () => {
    assert.deepEqual(await ended(5000, 'trap "exit 7" TERM; echo; while :; do sleep 0.05; done'), {
      signal: 7,
      stderr: '',
    });
  });

  it('is by KILL at last for what TERM does not end', async () => {
    assert.deepEqual(await ended(200, 'trap "" TERM; echo; while :; do sleep 0.05; done'), {
      signal: 'SIGKILL',
      stderr: '',
    });
  });

  it('reaches what left the group, by the mark in its environment', async () => {
    const base = mkdtempSync(join(tmpdir(), 'vgb-test-'));
    const directory = join(base, 'run', 'trial');
    mkdirSync(directory, { recursive: true });
    const env = { ...process.env, [TRIAL_MARK]: directory };
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env });
    try {
      await once(child, 'spawn');
      assert.deepEqual(await endedIn(directory, 0, child), { signal: 'SIGKILL', stderr: '' });
    } finally {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      rmSync(base, { recursive: true, force: true });
    }
  });
});
