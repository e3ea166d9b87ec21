/** A lock file that names its holder; that of a process which is gone is taken over. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isRunning, ownProcess, type ProcessId } from './process-id.ts';

export type Lock = { taken: true; release: () => void } | { taken: false; holder: ProcessId };

/**
 * Takes the lock at `path`, whose folder has to be there.
 * @returns what gives it back, or who has it: this process too, where it took it before.
 */
export function takeLock(path: string): Lock {
  for (let tries = 0; tries < 3; tries++) {
    if (linked(path))
      return {
        taken: true,
        release: () => {
          rmSync(path, { force: true });
        },
      };
    const holder = holderOf(path);
    if (holder === undefined) continue; // given back meanwhile
    if (isRunning(holder)) return { taken: false, holder };
    clear(path, holder);
  }
  return { taken: false, holder: holderOf(path) ?? { pid: 0, startTicks: 0 } };
}

/** Who holds the lock, living or not; undefined where nobody does. */
export function holderOf(path: string): ProcessId | undefined {
  try {
    const [pid = 0, startTicks = 0] = readFileSync(path, 'utf8')
      .split(' ')
      .map((word) => Number(word) || 0);
    return { pid, startTicks };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The file is whole before it has its name, so that nobody reads a lock without a holder. */
function linked(path: string): boolean {
  const own = `${path}.${process.pid}`;
  const { pid, startTicks } = ownProcess();
  writeFileSync(own, `${pid} ${startTicks}\n`);
  return moved(own, path);
}

/** Another may have cleared the same remains and taken the lock since: what is not `gone`'s is put back. */
function clear(path: string, gone: ProcessId): void {
  const aside = `${path}.${process.pid}.gone`;
  try {
    renameSync(path, aside);
  } catch {
    return; // another was quicker
  }
  const found = holderOf(aside);
  if (found?.pid === gone.pid && found.startTicks === gone.startTicks) rmSync(aside, { force: true });
  else moved(aside, path);
}

/** False where `to` is there already; `from` is gone either way. */
function moved(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(from, { force: true });
  }
}
