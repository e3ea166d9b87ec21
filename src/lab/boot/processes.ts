/** The lab's processes: detached from us, identified by id and start time, ended one by one. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessId, startTicksOf } from '../../process/process-id.ts';
import { labProblem } from '../lab-problem.ts';

/** Becomes the program once told to; ends if the process that should tell it has ended. */
const GATE = 'read -r go || exit; exec "$@" </dev/null';

/**
 * Starts a process that outlives us; its output goes to `log`, including an error if it could not be run.
 * @param started Called before it runs: once it is recorded, a crash of ours can't leave it unknown.
 */
export async function startProcess(
  command: string,
  args: string[],
  log: string,
  started: (id: ProcessId) => Promise<void>,
): Promise<ProcessId> {
  const output = openSync(log, 'w');
  // Not execa: it would pipe the output through this process, which ends earlier.
  const child = spawn('sh', ['-c', GATE, 'sh', command, ...args], {
    detached: true,
    stdio: ['pipe', output, output],
  });
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  closeSync(output);
  child.unref();
  const { pid } = child;
  const startTicks = pid === undefined ? undefined : startTicksOf(pid);
  if (pid === undefined || startTicks === undefined)
    throw labProblem('VGB-LAB-BOOT', {
      message: `${command} did not start`,
      expected: 'room for one more process',
      found: 'the system can’t start any',
      next: 'end processes that are not needed (see ps -e, ulimit -u), then: vgpubench lab up',
    });
  const id = { pid, startTicks };
  try {
    await started(id);
    child.stdin?.write('go\n');
  } finally {
    child.stdin?.end();
  }
  return id;
}

const GRACE_MS = 3000;

/** Asks, waits, then kills. Returns false if the process had already ended. */
export async function endProcess(id: ProcessId): Promise<boolean> {
  if (!isRunning(id)) return false;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(id.pid, signal);
    } catch {
      return true;
    }
    const deadline = performance.now() + GRACE_MS;
    while (performance.now() < deadline) {
      if (!isRunning(id)) return true;
      await sleep(20);
    }
  }
  return true;
}
