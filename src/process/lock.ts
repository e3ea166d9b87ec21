/**
 * A lock that names its holder; that of a process which is gone can be taken over. It is a folder with one
 * file in it, named after the process. Taking it means renaming a folder of one's own to it, which the system
 * only does if there is none or an empty one; clearing a dead process's lock means removing the file of that
 * name, which no living process has. So nobody can clear a lock that another process has just taken over.
 */
import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isRunning, ownProcess, type ProcessId } from './process-id.ts';

export type Lock = { taken: true; release: () => void } | { taken: false; holder: ProcessId };

/**
 * Takes the lock at `path`, whose parent must exist.
 * @returns a function that releases it, or the holder: possibly this process, if it took it before.
 */
export function takeLock(path: string): Lock {
  for (let tries = 0; tries < 3; tries++) {
    if (taken(path))
      return {
        taken: true,
        release: () => {
          attempt(unlinkSync, join(path, nameOf(ownProcess())));
          attempt(rmdirSync, path);
        },
      };
    const found = entryOf(path);
    if (found === undefined) continue; // released meanwhile
    if (isRunning(found.holder)) return { taken: false, holder: found.holder };
    attempt(unlinkSync, found.file);
  }
  return { taken: false, holder: holderOf(path) ?? { pid: 0, startTicks: 0 } };
}

/** The holder of the lock, living or not; undefined if there is none. */
export function holderOf(path: string): ProcessId | undefined {
  return entryOf(path)?.holder;
}

function nameOf({ pid, startTicks }: ProcessId): string {
  return `${pid}-${startTicks}`;
}

/** The folder is complete before it gets the lock's name, so that nobody sees a lock without a holder. */
function taken(path: string): boolean {
  const own = `${path}.${process.pid}`;
  rmSync(own, { recursive: true, force: true }); // left by a process of our number that was killed here
  try {
    mkdirSync(own);
    writeFileSync(join(own, nameOf(ownProcess())), '');
    renameSync(own, path);
    return true;
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error))) return false;
    throw error;
  }
}

/** The file that names the holder: in an older vgpubench's lock, the lock itself. */
function entryOf(path: string): { holder: ProcessId; file: string } | undefined {
  try {
    const [name] = readdirSync(path);
    return name === undefined ? undefined : { holder: holderIn(name, '-'), file: join(path, name) };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'ENOTDIR') return { holder: holderIn(readFileSync(path, 'utf8'), ' '), file: path };
    throw error;
  }
}

function holderIn(text: string, between: string): ProcessId {
  const [pid = 0, startTicks = 0] = text.split(between).map((word) => Number(word) || 0);
  return { pid, startTicks };
}

/** What is to be removed may be gone, or belong to another process by now. */
function attempt(remove: (path: string) => void, path: string): void {
  try {
    remove(path);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EISDIR', 'EPERM', 'ENOTDIR'].includes(codeOf(error))) throw error;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
