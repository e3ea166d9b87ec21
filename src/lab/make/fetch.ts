/** Fetches the boxes' packages, Debian 12's wherever this runs, and unpacks them into the cache; a second run finds them there. */
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

/** What the unpacked tree holds; written last, so that it vouches for the rest. */
interface Manifest {
  names: string[];
  files: string[];
}

export interface FetchOptions {
  paths?: LabPaths;
  signal?: AbortSignal | undefined;
  /** See `archives`. Default: $VGPUBENCH_MIRROR, if it is set. */
  mirror?: string | undefined;
}

async function readManifest(paths: LabPaths): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(paths.unpacked, 'manifest.json'), 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

function isComplete(manifest: Manifest | undefined): manifest is Manifest {
  return manifest !== undefined && PACKAGE_NAMES.every((name) => manifest.names.includes(name));
}

/** Whether there is nothing to fetch. */
export async function isFetched(paths: LabPaths): Promise<boolean> {
  return isComplete(await readManifest(paths));
}

/** Leaves the packages unpacked in the cache and returns which versions they are. */
export async function fetchPackages(report: Report, options: FetchOptions = {}): Promise<string[]> {
  const { paths = labPaths(), signal, mirror = process.env['VGPUBENCH_MIRROR'] } = options;
  const known = await readManifest(paths);
  if (isComplete(known)) {
    report('fetch packages (cached)', 0);
    return known.files;
  }
  try {
    const names = await step(report, 'fetch packages', () =>
      download(report, paths, archives(mirror), signal),
    );
    await step(report, 'unpack packages', () => unpack(paths, names, signal));
  } finally {
    await rm(paths.packages, { recursive: true, force: true });
  }
  return (await readManifest(paths))?.files ?? [];
}

/** Leaves the .deb files in the packages' folder and returns the packages' names. */
async function download(
  report: Report,
  paths: LabPaths,
  from: readonly Archive[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  await rm(paths.packages, { recursive: true, force: true });
  const folder = join(paths.packages, 'lists');
  await mkdir(folder, { recursive: true });
  const keyring = join(paths.sources, 'keyring/debian-12.gpg');
  const way = ((await hasApt()) ? aptWay : plainWay)(folder, keyring, signal);
  await readLists(way, from, report);
  const names = [await kernelPackage(way), ...PACKAGE_NAMES];
  await way.download(names, paths.packages, sayBytes(report));
  return names;
}

/** Reads the lists of the first archive that has Debian 12. @throws Problem where none has. */
export async function readLists(way: Way, from: readonly Archive[], report: Report): Promise<void> {
  for (const archive of from) {
    const suites = suitesOf(archive);
    const missing = await way.read(suites, archive.old === true);
    if (missing.includes(suites[0])) {
      report(`no Debian 12 at ${archive.main}`, 0);
      continue;
    }
    if (missing.length === 0) return;
    for (const { uri, name } of missing) report(`no ${name} at ${uri}: without it`, 0);
    await way.read(
      suites.filter((suite) => !missing.includes(suite)),
      archive.old === true,
    );
    return;
  }
  throw labProblem('VGB-LAB-PACKAGES', {
    message: 'no archive with Debian 12 was found',
    expected: `Debian 12's packages, of which the lab is made: kernel 6.1, Xen ${XEN_VERSION}`,
    found: `none at ${from.map(({ main }) => main).join(', ')}`,
    next: 'name a mirror that has it: vgpubench lab up --mirror URL',
  });
}

async function kernelPackage(way: Way): Promise<string> {
  const names = await way.dependsOf(KERNEL_METAPACKAGE);
  const name = names.find((one) => one.startsWith('linux-image-'));
  if (name !== undefined) return name;
  throw labProblem('VGB-LAB-PACKAGES', {
    message: `the archive has no ${KERNEL_METAPACKAGE} with a kernel behind it`,
    expected: `Debian 12's packages, of which the lab is made: kernel 6.1, Xen ${XEN_VERSION}`,
  });
}

/** How much has come, every few seconds: who waits is told what for. */
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

async function unpack(paths: LabPaths, names: string[], signal: AbortSignal | undefined): Promise<void> {
  await makeWhole(paths.unpacked, async (fresh) => {
    const files = (await readdir(paths.packages)).filter((file) => file.endsWith('.deb')).sort();
    for (const file of files) await unpackDeb(join(paths.packages, file), fresh, signal);
    await writeFile(join(fresh, 'manifest.json'), JSON.stringify({ names, files }, undefined, 2));
  });
}
