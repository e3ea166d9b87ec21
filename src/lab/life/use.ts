/**
 * Only one process at a time brings the lab up, takes it down or runs in it: two would change each other's
 * boundary.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { holderOf, takeLock } from '../../process/lock.ts';
import { isRunning } from '../../process/process-id.ts';
import { labProblem } from '../lab-problem.ts';
import type { LabPaths } from '../paths.ts';

function lockFile(paths: LabPaths): string {
  return join(paths.run, 'lab.lock');
}

/**
 * Reserves the lab for this process; a reservation that it already has is kept.
 * @returns a function that releases it.
 * @throws Problem if another process has it.
 */
export function useLab(paths: LabPaths): () => void {
  mkdirSync(paths.run, { recursive: true });
  const lock = takeLock(lockFile(paths));
  if (lock.taken) return lock.release;
  const { pid } = lock.holder;
  if (pid === process.pid) return () => undefined;
  throw labProblem('VGB-LAB-IN-USE', {
    message: `the lab is in use by process ${pid}`,
    next: `wait for it to end, or interrupt it (kill -INT ${pid}), or start another lab: vgpubench lab up --name second`,
  });
}

/** Whether a living process is using the lab. */
export function isInUse(paths: LabPaths): boolean {
  return userOf(paths) !== null;
}

/** Process ID of the lab's user; null if there is none. */
export function userOf(paths: LabPaths): number | null {
  const holder = holderOf(lockFile(paths));
  return holder !== undefined && isRunning(holder) ? holder.pid : null;
}
