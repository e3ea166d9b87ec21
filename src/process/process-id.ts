/** Which process: a number alone may have been given to someone else since, its start time tells. */
import { readFileSync } from 'node:fs';

export interface ProcessId {
  pid: number;
  /** Field 22 of /proc/PID/stat; 0 where there is no /proc, and the number has to do. */
  startTicks: number;
}

export function ownProcess(): ProcessId {
  return { pid: process.pid, startTicks: startTicksOf(process.pid) ?? 0 };
}

/** Undefined for a process that has ended: there is none of that number, or it is a zombie. */
export function startTicksOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in field 2 may hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : Number(fields[19]);
  } catch {
    return undefined;
  }
}

export function isRunning({ pid, startTicks }: ProcessId): boolean {
  return startTicks === 0 ? answersTo(pid) : startTicksOf(pid) === startTicks;
}

function answersTo(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
