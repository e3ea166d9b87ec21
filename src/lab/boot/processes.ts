/** The lab's processes: started apart from us, told by id and start time, ended one by one. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessId, startTicksOf } from '../../process/process-id.ts';
import { labProblem } from '../lab-problem.ts';

/** Starts a process that outlives us; what it prints goes to `log`. */
export async function startProcess(command: string, args: string[], log: string): Promise<ProcessId> {
  const output = openSync(log, 'w');
  // Not execa: it would pipe the output through this process, which is not to live as long.
  const child = spawn(command, args, { detached: true, stdio: ['ignore', output, output] });
  child.on('error', () => undefined);
  closeSync(output);
  child.unref();
  const { pid } = child;
  const ticks = pid === undefined ? undefined : startTicksOf(pid);
  if (pid === undefined || ticks === undefined) {
    const said = (await readFile(log, 'utf8')).trim().slice(-400);
    throw labProblem('VGB-LAB-BOOT', {
      message: `${command} did not start, or ended at once`,
      details: [said === '' ? 'it said nothing' : said],
    });
  }
  return { pid, startTicks: ticks };
}

const GRACE_MS = 3000;

/** Asks, waits, then insists. Returns false when the process had already ended. */
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
