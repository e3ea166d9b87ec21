/** Where the lab's sources are, and where it keeps what it fetches, builds and runs. */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { labProblem } from './lab-problem.ts';

/** The package's root: two folders above this file, in `src/` and in `dist/` alike. */
const PACKAGE_ROOT = join(import.meta.dirname, '..', '..');

export interface LabPaths {
  /** Which lab: several may be up at once, built from the same parts. */
  name: string;
  /** The lab's native sources. */
  sources: string;
  /** Debian packages as downloaded, and unpacked. */
  packages: string;
  unpacked: string;
  /** A fetched QEMU, if the system's is not suitable. */
  emulator: string;
  /** Compiled programs and boot images, each under the digest of what it was built from. */
  build: string;
  /** The lab's SSH keys: part of the boot images. */
  keys: string;
  /** Saved machines, each lab under its digest. */
  snapshots: string;
  /** Files of this lab while it runs: state, ssh_config, logs. Removed by `lab down`, except the logs. */
  run: string;
}

/** A checkout keeps everything in `.cache/lab`; an installed package uses the user's cache folder. */
function cacheFolder(): string {
  const given = process.env['VGPUBENCH_LAB_CACHE'];
  if (given !== undefined && given !== '') return given;
  if (existsSync(join(PACKAGE_ROOT, '.git'))) return join(PACKAGE_ROOT, '.cache', 'lab');
  const caches = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(caches, 'vgpubench', 'lab');
}

const DEFAULT_NAME = 'default';

/** The lab named by $VGPUBENCH_LAB. @throws Problem if the name is not valid: it is also a folder's name. */
function labName(): string {
  const name = process.env['VGPUBENCH_LAB'] ?? '';
  if (name === '') return DEFAULT_NAME;
  if (/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) return name;
  throw labProblem('VGB-LAB-NAME', {
    message: 'invalid name of a lab',
    expected: 'up to 32 lower-case letters, digits and hyphens',
    found: name,
  });
}

export function labPaths(cache = cacheFolder(), name = labName()): LabPaths {
  return {
    name,
    sources: join(PACKAGE_ROOT, 'lab'),
    packages: join(cache, 'packages'),
    unpacked: join(cache, 'unpacked'),
    emulator: join(cache, 'emulator'),
    build: join(cache, 'build'),
    keys: join(cache, 'keys'),
    snapshots: join(cache, 'snapshots'),
    run: name === DEFAULT_NAME ? join(cache, 'run') : join(namedLabs(cache), name),
  };
}

/** From here on, this process and everything it starts use the lab of that name. */
export function chooseLab(name: string): void {
  process.env['VGPUBENCH_LAB'] = name;
}

function namedLabs(cache: string): string {
  return join(cache, 'labs');
}

/** The existing labs of a cache: the default one first. */
export function labNames(cache = cacheFolder()): string[] {
  const named = existsSync(namedLabs(cache)) ? readdirSync(namedLabs(cache)).sort() : [];
  return [DEFAULT_NAME, ...named.filter((name) => name !== DEFAULT_NAME)];
}
