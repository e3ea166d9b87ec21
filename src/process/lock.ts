/**
 * A lock that names its holder; that of a process which is gone is taken over. It is a folder with one file in it,
 * named after the process. To take it is to rename a folder of one's own to it, which the system does where there is
 * none or an empty one, and nowhere else; to clear away what a dead process left is to remove the file of that name,
 * which no living one has. So nobody can clear away a lock that another has just taken over.
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
 * Takes the lock at `path`, whose parent has to be there.
 * @returns what gives it back, or who has it: this process too, where it took it before.
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
    if (found === undefined) continue; // given back meanwhile
    if (isRunning(found.holder)) return { taken: false, holder: found.holder };
    attempt(unlinkSync, found.file);
  }
  return { taken: false, holder: holderOf(path) ?? { pid: 0, startTicks: 0 } };
}

/** Who holds the lock, living or not; undefined where nobody does. */
export function holderOf(path: string): ProcessId | undefined {
  return entryOf(path)?.holder;
}

function nameOf({ pid, startTicks }: ProcessId): string {
  return `${pid}-${startTicks}`;
}

/** The folder is whole before it has the lock's name, so that nobody reads a lock without a holder. */
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

/** What is to be removed may be gone, or another's by now. */
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
