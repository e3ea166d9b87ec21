/** A short digest of everything something was built from: the name under which it is cached. */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';

export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Digest of file names (relative to `folder`), file contents and further words. */
export async function digestOf(folder: string, files: string[], words: string[] = []): Promise<string> {
  const hash = createHash('sha256');
  for (const word of words) hash.update(`${word}\0`);
  for (const file of files) {
    hash.update(`${relative(folder, file)}\0`);
    hash.update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Removes earlier builds: each is large, and can be rebuilt. */
export async function keepOnly(folder: string, name: string, prefix: string): Promise<void> {
  for (const entry of await readdir(folder))
    if (entry.startsWith(prefix) && entry !== name && !entry.includes('.new-'))
      await rm(join(folder, entry), { recursive: true, force: true });
}
