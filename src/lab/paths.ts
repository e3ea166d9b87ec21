/** Where the lab's sources are, and where it keeps what it fetches, builds and runs. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The package's root: two folders above this file, in `src/` and in `dist/` alike. */
const PACKAGE_ROOT = join(import.meta.dirname, '..', '..');

export interface LabPaths {
  /** The lab's native sources. */
  sources: string;
  /** Debian packages as downloaded, and unpacked. */
  packages: string;
  unpacked: string;
  /** Compiled programs and boot images, each under the digest of what it was made from. */
  build: string;
  /** The lab's SSH keys: part of the boot images. */
  keys: string;
  /** What belongs to a running lab: state, ssh_config, logs. Gone after `lab down`, but for the logs. */
  run: string;
}

/** A checkout keeps everything in `.cache/lab`; an installed package in the user's cache folder. */
function cacheFolder(): string {
  const given = process.env['VGPUBENCH_LAB_CACHE'];
  if (given !== undefined && given !== '') return given;
  if (existsSync(join(PACKAGE_ROOT, '.git'))) return join(PACKAGE_ROOT, '.cache', 'lab');
  const caches = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(caches, 'vgpubench', 'lab');
}

export function labPaths(cache = cacheFolder()): LabPaths {
  return {
    sources: join(PACKAGE_ROOT, 'lab'),
    packages: join(cache, 'packages'),
    unpacked: join(cache, 'unpacked'),
    build: join(cache, 'build'),
    keys: join(cache, 'keys'),
    run: join(cache, 'run'),
  };
}
