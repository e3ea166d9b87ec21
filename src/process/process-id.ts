/** Identifies a process: its number may have been reused since, but not with the same start time. */
import { readFileSync } from 'node:fs';

export interface ProcessId {
  pid: number;
  /** Field 22 of /proc/PID/stat; 0 if there is no /proc, so that only the number counts. */
  startTicks: number;
}

export function ownProcess(): ProcessId {
  return { pid: process.pid, startTicks: startTicksOf(process.pid) ?? 0 };
}

/** Undefined for a process that has ended: there is none with that number, or it is a zombie. */
export function startTicksOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in field 2 may contain spaces and parentheses.
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
