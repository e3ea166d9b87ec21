import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../problem.ts';

/**
 * Keeps two processes from writing one journal. The lock names its holder's process ID; that of a process
 * which is gone is taken over.
 * @returns what gives the lock back.
 */
export function lockRun(directory: string): () => void {
  const path = join(directory, 'run.lock');
  for (let tries = 0; tries < 2; tries++) {
    try {
      link(path);
      return () => {
        rmSync(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(readFileSync(path, 'utf8'));
      if (isAlive(holder))
        throw new Problem({
          code: 'VGB-RUN-LOCKED',
          message: `${directory} is in use`,
          expected: 'one vgpubench at a time on a run',
          found: `process ${holder} holds it`,
          next: 'wait for that one, or interrupt it',
        });
      rmSync(path, { force: true });
    }
  }
  throw new Problem({
    code: 'VGB-RUN-LOCKED',
    message: `${directory} is in use`,
    expected: 'one vgpubench at a time on a run',
    found: 'two that start at once',
  });
}

/** The file is whole before it has its name. @throws Error (EEXIST) where there is a lock. */
function link(path: string): void {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid}\n`);
  try {
    linkSync(own, path);
  } finally {
    rmSync(own, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
