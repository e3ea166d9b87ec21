/** Folders of the cache are complete or absent: built under a temporary name, then renamed. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** NAME.new-PID; earlier versions wrote NAME.new. */
const HALF_MADE = /\.new(?:-(\d+))?$/;

function isLeft(name: string): boolean {
  const found = HALF_MADE.exec(name);
  if (found === null) return false;
  const pid = Number(found[1] ?? 0);
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Removes what killed runs left half-made; what a living process is making stays. */
async function sweep(cache: string): Promise<void> {
  if (!existsSync(cache)) return;
  for (const name of await readdir(cache))
    if (isLeft(name)) await rm(join(cache, name), { recursive: true, force: true });
}

/**
 * Lets `make` fill a fresh folder, which becomes `folder`; if `make` fails or is aborted, nothing is left of
 * it.
 */
export async function makeWhole(folder: string, make: (fresh: string) => Promise<void>): Promise<void> {
  const fresh = join(dirname(folder), `${basename(folder)}.new-${process.pid}`);
  await sweep(dirname(folder));
  await mkdir(fresh, { recursive: true });
  try {
    await make(fresh);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
