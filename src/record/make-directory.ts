import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a directory, and missing parents. Node's own recursive mkdir never returns if the system reports a
 * missing parent that exists, as it does below /proc.
 * @param above Whether parents may be missing.
 * @throws Error if it can't be created, or is something else.
 */
export function makeDirectory(path: string, above = true): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || !above || dirname(path) === path) throw error;
    makeDirectory(dirname(path));
    makeDirectory(path, false);
  }
}
