/** What the boxes use from the unpacked packages: modules, programs and the libraries these need. */
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { labProblem } from '../lab-problem.ts';
import { type Entry, executable } from './cpio.ts';
import { filesBelow } from './digest.ts';
import { neededLibraries } from './elf.ts';

const LIBRARY_FOLDERS = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu', 'lib', 'usr/lib'];

/** The kernel, compressed for booting. */
export async function kernelImage(unpacked: string): Promise<Buffer> {
  return readFile(join(unpacked, `boot/vmlinuz-${await kernelVersion(unpacked)}`));
}

async function kernelVersion(unpacked: string): Promise<string> {
  const [version] = await readdir(join(unpacked, 'lib/modules'));
  if (version !== undefined) return version;
  throw incomplete(unpacked, 'the unpacked packages contain no kernel');
}

/** As long as they exist, they would not be fetched again. */
export function incomplete(
  unpacked: string,
  message: string,
  more: { expected?: string; found?: string } = {},
) {
  return labProblem('VGB-LAB-PACKAGES', {
    message,
    ...more,
    next: `rm -r ${unpacked}, then: vgpubench lab up`,
  });
}

/** Numbered, so that init loads them in this order without knowing their names. */
export async function kernelModules(unpacked: string, names: string[], folder = 'modules'): Promise<Entry[]> {
  const all = await filesBelow(join(unpacked, 'lib/modules', await kernelVersion(unpacked)));
  return Promise.all(
    names.map(async (name, index) => {
      const file = all.find((path) => basename(path) === `${name}.ko`);
      if (file === undefined) throw incomplete(unpacked, `the kernel package has no module ${name}.ko`);
      return executable(`${folder}/${String(index).padStart(2, '0')}-${name}.ko`, await readFile(file));
    }),
  );
}

/** The programs, by source and destination, and every library that they need, directly or indirectly. */
export async function programs(
  unpacked: string,
  wanted: Record<string, string>,
  libraries: string[] = [],
): Promise<Entry[]> {
  const entries: Entry[] = [];
  const queue = [...libraries];
  for (const [to, from] of Object.entries(wanted)) {
    const content = await readFile(join(unpacked, from));
    entries.push(executable(to, content));
    queue.push(...neededLibraries(content));
  }
  const seen = new Set<string>();
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const content = await library(unpacked, name);
    entries.push(executable(`lib/x86_64-linux-gnu/${name}`, content));
    queue.push(...neededLibraries(content));
  }
  if (seen.size > 0) entries.push({ path: 'lib64', kind: 'link', to: 'lib/x86_64-linux-gnu' });
  return entries;
}

async function library(unpacked: string, name: string): Promise<Buffer> {
  const file = LIBRARY_FOLDERS.map((folder) => join(unpacked, folder, name)).find(existsSync);
  if (file !== undefined) return readFile(file);
  throw incomplete(unpacked, `no fetched package has the library ${name}`);
}
