/** The lab's processes: started apart from us, told by id and start time, ended one by one. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { LabError } from './lab-error.ts';

/** A pid alone may have been given to someone else since: the start time tells. */
export interface ProcessId {
  pid: number;
  startTicks: number;
}

/** Field 22 of /proc/PID/stat; the name in field 2 may hold spaces. A zombie has ended. */
async function startTicks(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : Number(fields[19]);
  } catch {
    return undefined;
  }
}

export async function isRunning({ pid, startTicks: expected }: ProcessId): Promise<boolean> {
  return (await startTicks(pid)) === expected;
}

export async function ownProcess(): Promise<ProcessId> {
  return { pid: process.pid, startTicks: (await startTicks(process.pid)) ?? 0 };
}

/** Starts a process that outlives us; what it prints goes to `log`. */
export async function startProcess(command: string, args: string[], log: string): Promise<ProcessId> {
  const output = openSync(log, 'w');
  // Not execa: it would pipe the output through this process, which is not to live as long.
  const child = spawn(command, args, { detached: true, stdio: ['ignore', output, output] });
  child.on('error', () => undefined);
  closeSync(output);
  child.unref();
  const { pid } = child;
  const ticks = pid === undefined ? undefined : await startTicks(pid);
  if (pid === undefined || ticks === undefined) {
    const said = (await readFile(log, 'utf8')).trim().slice(-400);
    throw new LabError(
      'lab-boot',
      `${command} did not start, or ended at once: ${said === '' ? 'it said nothing' : said}`,
    );
  }
  return { pid, startTicks: ticks };
}

const graceMs = 3000;

/** Asks, waits, then insists. Returns false when the process had already ended. */
export async function endProcess(id: ProcessId): Promise<boolean> {
  if (!(await isRunning(id))) return false;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(id.pid, signal);
    } catch {
      return true;
    }
    const deadline = performance.now() + graceMs;
    while (performance.now() < deadline) {
      if (!(await isRunning(id))) return true;
      await sleep(20);
    }
  }
  return true;
}
