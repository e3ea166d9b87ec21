import { join } from 'node:path';
import { takeLock } from '../process/lock.ts';
import { Problem } from '../problem.ts';
import { writing } from './run-directory.ts';

/**
 * Keeps two processes from writing one journal.
 * @returns what gives the lock back.
 * @throws Problem where a living process has it, or the directory can't be written to.
 */
export function lockRun(directory: string): () => void {
  const lock = writing(directory, () => takeLock(join(directory, 'run.lock')));
  if (lock.taken) return lock.release;
  throw new Problem({
    code: 'VGB-RUN-LOCKED',
    message: `${directory} is in use`,
    expected: 'one vgpubench at a time on a run',
    found: `process ${lock.holder.pid} holds it`,
    next: 'wait for that one, or interrupt it',
  });
}
