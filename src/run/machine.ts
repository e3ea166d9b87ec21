import { existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { archives } from '../lab/make/archive.ts';
import { hasApt } from '../lab/make/apt.ts';
import { thisDistribution } from '../lab/make/distribution.ts';
import { isFetched } from '../lab/make/fetch.ts';
import { expectedOf, findTools, howToGet } from '../lab/make/tools.ts';
import { labPaths } from '../lab/paths.ts';
import type { Check } from './doctor.ts';

/** What a machine has for the quickstart, and what it lacks. */
export interface MachineChecks {
  checks: Check[];
  /** The command of this distribution that installs everything missing; undefined if nothing is. */
  install: string | undefined;
}

/** The memory for both boxes and the GPU, in bytes. */
const MEMORY = 2 * 2 ** 30;
/** The disk space for the lab's packages, programs and images, in bytes. */
const DISK = 1.5 * 2 ** 30;

/** Checks this machine, and changes nothing. */
export async function checkMachine(): Promise<MachineChecks> {
  const distribution = thisDistribution();
  const found = await findTools();
  const check = (what: string, ok: boolean, words: string, next?: string): Check => ({
    target: 'this machine',
    what,
    ok,
    found: words,
    next,
  });
  const tools = found.map(({ tool, ok, found: words, caveat }) => {
    if (ok) return check(tool.name, true, caveat === undefined ? words : `${words}; ${caveat}`);
    const next = howToGet([tool], distribution);
    return tool.optional === true
      ? check(tool.name, true, `${words}; it ${tool.use}`, next)
      : check(tool.name, false, `${words}; expected ${expectedOf(tool)}, which ${tool.use}`, next);
  });
  const missing = found.filter(({ ok }) => !ok).map(({ tool }) => tool);
  const free = { memory: await freeMemory(), disk: await freeDisk() };
  return {
    checks: [
      check('system', true, `${distribution.name}, ${process.arch}, Node ${process.version}`),
      ...tools,
      check('packages', true, await packages()),
      check('memory', free.memory >= MEMORY, `${gib(free.memory)} available; the lab needs ${gib(MEMORY)}`),
      check(
        'disk',
        free.disk >= DISK || (await isFetched(labPaths())),
        `${gib(free.disk)} free for ${labPaths().unpacked}; the lab needs ${gib(DISK)}`,
        free.disk >= DISK ? undefined : 'set VGPUBENCH_LAB_CACHE=FOLDER to use another disk',
      ),
    ],
    install: missing.length === 0 ? undefined : howToGet(missing, distribution),
  };
}

async function packages(): Promise<string> {
  if (await isFetched(labPaths())) return 'Debian 12’s, in the cache';
  const mirror = process.env['VGPUBENCH_MIRROR'];
  const way = (await hasApt()) ? 'with apt, using its own lists' : 'over plain HTTP';
  return `Debian 12’s will be fetched ${way}, from ${archives(mirror)[0]?.main ?? ''}`;
}

async function freeMemory(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8');
  return Number(/^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

async function freeDisk(): Promise<number> {
  let folder = labPaths().unpacked;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
