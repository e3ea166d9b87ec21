/**
 * Fetches the boxes' packages, always Debian 12's, and unpacks them into the cache, where a second run finds
 * them.
 */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labProblem } from '../lab-problem.ts';
import { labPaths, type LabPaths } from '../paths.ts';
import { type Report, step } from '../step.ts';
import { aptWay, hasApt } from './apt.ts';
import { type Archive, archives, suitesOf } from './archive.ts';
import { unpackDeb } from './deb.ts';
import { KERNEL_METAPACKAGE, PACKAGE_NAMES, XEN_VERSION } from './packages.ts';
import { plainWay } from './plain.ts';
import type { Heard, Way } from './way.ts';
import { makeWhole } from './whole.ts';

/** What the boxes are built from. */
const WANTED = [KERNEL_METAPACKAGE, ...PACKAGE_NAMES];

/** The content of the unpacked tree; written last, so that its presence proves that the tree is complete. */
interface Manifest {
  names: string[];
  files: string[];
}

export interface FetchOptions {
  paths?: LabPaths;
  signal?: AbortSignal | undefined;
  /** See `archives`. Default: $VGPUBENCH_MIRROR, if set. */
  mirror?: string | undefined;
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

function isComplete(manifest: Manifest | undefined, names: readonly string[]): manifest is Manifest {
  return manifest !== undefined && names.every((name) => manifest.names.includes(name));
}

/** Whether there is nothing to fetch. */
export async function isFetched(paths: LabPaths): Promise<boolean> {
  return isComplete(await readManifest(paths.unpacked), WANTED);
}

/** Unpacks the boxes' packages into the cache and returns their versions. */
export async function fetchPackages(report: Report, options: FetchOptions = {}): Promise<string[]> {
  const { unpacked } = options.paths ?? labPaths();
  return fetchInto(report, 'packages', WANTED, unpacked, options);
}

/** Unpacks packages of Debian 12 into a folder, all or none, and returns their versions. */
export async function fetchInto(
  report: Report,
  what: string,
  wanted: readonly string[],
  folder: string,
  options: FetchOptions,
): Promise<string[]> {
  const { paths = labPaths(), signal, mirror = process.env['VGPUBENCH_MIRROR'] } = options;
  const known = await readManifest(folder);
  if (isComplete(known, wanted)) {
    report(`fetch ${what} (cached)`, 0);
    return known.files;
  }
  try {
    await step(report, `fetch ${what}`, () => download(report, paths, wanted, archives(mirror), signal));
    await step(report, `unpack ${what}`, () => unpack(paths, [...wanted], folder, signal));
  } finally {
    await rm(paths.packages, { recursive: true, force: true });
  }
  return (await readManifest(folder))?.files ?? [];
}

/** Downloads the .deb files to the packages' folder. */
async function download(
  report: Report,
  paths: LabPaths,
  wanted: readonly string[],
  from: readonly Archive[],
  signal: AbortSignal | undefined,
): Promise<void> {
  await rm(paths.packages, { recursive: true, force: true });
  const folder = join(paths.packages, 'lists');
  await mkdir(folder, { recursive: true });
  const keyring = join(paths.sources, 'keyring/debian-12.gpg');
  const way = ((await hasApt()) ? aptWay : plainWay)(folder, keyring, signal);
  await readLists(way, from, report);
  const kernel = wanted.includes(KERNEL_METAPACKAGE) ? [await kernelPackage(way)] : [];
  const others = wanted.filter((name) => name !== KERNEL_METAPACKAGE);
  await way.download([...kernel, ...others], paths.packages, sayBytes(report));
}

/** Reads the lists of the first archive that has Debian 12. @throws Problem if none does. */
export async function readLists(way: Way, from: readonly Archive[], report: Report): Promise<void> {
  for (const archive of from) {
    const suites = suitesOf(archive);
    const missing = await way.read(suites, archive.old === true);
    if (missing.includes(suites[0])) {
      report(`no Debian 12 at ${archive.main}`, 0);
      continue;
    }
    if (missing.length === 0) return;
    for (const { uri, name } of missing) report(`no ${name} at ${uri}: continuing without it`, 0);
    await way.read(
      suites.filter((suite) => !missing.includes(suite)),
      archive.old === true,
    );
    return;
  }
  throw labProblem('VGB-LAB-PACKAGES', {
    message: 'no archive with Debian 12 was found',
    expected: `Debian 12's packages, from which the lab is built: kernel 6.1, Xen ${XEN_VERSION}`,
    found: `none at ${from.map(({ main }) => main).join(', ')}`,
    next: 'choose a mirror that has it: vgpubench lab up --mirror URL',
  });
}

async function kernelPackage(way: Way): Promise<string> {
  const names = await way.dependsOf(KERNEL_METAPACKAGE);
  const name = names.find((one) => one.startsWith('linux-image-'));
  if (name !== undefined) return name;
  throw labProblem('VGB-LAB-PACKAGES', {
    message: `the archive has no ${KERNEL_METAPACKAGE} that depends on a kernel`,
    expected: `Debian 12's packages, from which the lab is built: kernel 6.1, Xen ${XEN_VERSION}`,
  });
}

/** Progress, every few seconds, so that the user knows what they are waiting for. */
function sayBytes(report: Report): Heard {
  const EVERY_MS = 2000;
  let last = performance.now();
  return (bytes, of) => {
    const now = performance.now();
    if (now - last < EVERY_MS || bytes >= of) return;
    last = now;
    report(`fetching packages: ${megabytes(bytes)} of ${megabytes(of)} MB`, 0);
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

async function unpack(
  paths: LabPaths,
  names: string[],
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await makeWhole(folder, async (fresh) => {
    const files = (await readdir(paths.packages)).filter((file) => file.endsWith('.deb')).sort();
    for (const file of files) await unpackDeb(join(paths.packages, file), fresh, signal);
    await writeFile(join(fresh, 'manifest.json'), JSON.stringify({ names, files }, undefined, 2));
  });
}
