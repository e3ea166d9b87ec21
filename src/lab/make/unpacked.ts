/** The unpacked packages, and what the boxes take from them: modules, programs and the libraries these need. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { labProblem } from '../lab-problem.ts';
import type { Entry } from './cpio.ts';
import { filesBelow } from './digest.ts';
import { neededLibraries } from './elf.ts';

const LIBRARY_FOLDERS = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu', 'lib', 'usr/lib'];

/** Finds what the boxes take from the unpacked packages. */
export class Packages {
  readonly #root: string;
  constructor(root: string) {
    this.#root = root;
  }

  path(relative: string): string {
    return join(this.#root, relative);
  }

  async read(relative: string): Promise<Buffer> {
    return readFile(this.path(relative));
  }

  async kernelVersion(): Promise<string> {
    const [version] = await readdir(this.path('lib/modules'));
    if (version === undefined)
      throw labProblem('VGB-LAB-PACKAGES', { message: 'the unpacked packages hold no kernel' });
    return version;
  }

  async modules(names: string[]): Promise<Entry[]> {
    const all = await filesBelow(this.path(`lib/modules/${await this.kernelVersion()}`));
    const wanted = names.map((name) => {
      const file = all.find((path) => basename(path) === `${name}.ko`);
      if (file === undefined)
        throw labProblem('VGB-LAB-PACKAGES', { message: `the kernel package has no module ${name}.ko` });
      return file;
    });
    // Numbered, so that init loads them in this order without knowing their names.
    return Promise.all(
      wanted.map(async (file, index) =>
        program(`modules/${String(index).padStart(2, '0')}-${basename(file)}`, await readFile(file)),
      ),
    );
  }

  /** The programs, and every library they need, directly or through another. */
  async programs(wanted: Record<string, string>, libraries: string[] = []): Promise<Entry[]> {
    const entries: Entry[] = [];
    const queue = [...libraries];
    for (const [to, from] of Object.entries(wanted)) {
      const content = await this.read(from);
      entries.push(program(to, content));
      queue.push(...neededLibraries(content));
    }
    const seen = new Set<string>();
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (seen.has(name)) continue;
      seen.add(name);
      const content = await this.#library(name);
      entries.push(program(`lib/x86_64-linux-gnu/${name}`, content));
      queue.push(...neededLibraries(content));
    }
    if (seen.size > 0) entries.push({ path: 'lib64', kind: 'link', to: 'lib/x86_64-linux-gnu' });
    return entries;
  }

  async #library(name: string): Promise<Buffer> {
    const folder = LIBRARY_FOLDERS.find((candidate) => existsSync(this.path(join(candidate, name))));
    if (folder === undefined)
      throw labProblem('VGB-LAB-PACKAGES', { message: `no fetched package has the library ${name}` });
    return this.read(join(folder, name));
  }
}

export function program(path: string, content: Uint8Array): Entry {
  return { path, kind: 'file', content, executable: true };
}

export function text(path: string, content: string): Entry {
  return { path, kind: 'file', content: Buffer.from(content), executable: false };
}
