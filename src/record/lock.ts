import { join } from 'node:path';
import { takeLock } from '../process/lock.ts';
import { Problem } from '../problem.ts';
import { writing } from './run-directory.ts';

/**
 * Prevents two processes from writing one journal.
 * @returns a function that releases the lock.
 * @throws Problem if a living process has it, or the directory can't be written to.
 */
export function lockRun(directory: string): () => void {
  const lock = writing(directory, () => takeLock(join(directory, 'run.lock')));
  if (lock.taken) return lock.release;
  throw new Problem({
    code: 'VGB-RUN-LOCKED',
    message: `${directory} is in use`,
    expected: 'only one vgpubench at a time per run',
    found: `process ${lock.holder.pid} is using it`,
    next: 'wait for that process, or interrupt it',
  });
}
