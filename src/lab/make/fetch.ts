/** Fetches the boxes' packages and unpacks them into the cache; a second run finds them there. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labProblem } from '../lab-problem.ts';
import { labPaths, type LabPaths } from '../paths.ts';
import { run } from '../run.ts';
import { type Report, step } from '../step.ts';
import { KERNEL_METAPACKAGE, PACKAGE_NAMES, XEN_VERSION } from './packages.ts';
import { makeWhole } from './whole.ts';

/** What the unpacked tree holds; written last, so that it vouches for the rest. */
interface Manifest {
  names: string[];
  files: string[];
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

async function kernelPackage(signal: AbortSignal | undefined): Promise<string> {
  const { stdout } = await run('apt-cache', ['depends', KERNEL_METAPACKAGE], { signal });
  const name = /Depends:\s*(linux-image-\S+)/.exec(stdout)?.[1];
  if (name !== undefined) return name;
  throw labProblem('VGB-LAB-PACKAGES', {
    message: `apt knows no ${KERNEL_METAPACKAGE} with a kernel behind it`,
    expected: `Debian 12's packages, of which the lab is made: kernel 6.1, Xen ${XEN_VERSION}`,
  });
}

async function download(names: string[], folder: string, signal: AbortSignal | undefined): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // Without a sandbox user: the cache may lie where only its owner can write.
  const args = ['download', '-q', '-o', 'APT::Sandbox::User=', ...names];
  const { exitCode, all } = await run('apt-get', args, { cwd: folder, timeoutMs: 600_000, signal });
  if (exitCode === 0) return;
  throw labProblem('VGB-LAB-PACKAGES', {
    message: "apt-get could not download the lab's packages",
    details: [all.slice(-600).trim()],
  });
}

async function unpack(paths: LabPaths, names: string[], signal: AbortSignal | undefined): Promise<void> {
  await makeWhole(paths.unpacked, async (fresh) => {
    const files = (await readdir(paths.packages)).filter((file) => file.endsWith('.deb')).sort();
    for (const file of files) {
      const { exitCode, all } = await run('dpkg-deb', ['-x', join(paths.packages, file), fresh], { signal });
      if (exitCode !== 0)
        throw labProblem('VGB-LAB-PACKAGES', {
          message: `${file} can't be unpacked`,
          details: [all.slice(-600).trim()],
        });
    }
    await writeFile(join(fresh, 'manifest.json'), JSON.stringify({ names, files }, undefined, 2));
  });
}

async function ensureLists(signal: AbortSignal | undefined): Promise<void> {
  const known = await run('apt-cache', ['show', KERNEL_METAPACKAGE], { signal });
  if (known.exitCode !== 0 && process.getuid?.() === 0)
    await run('apt-get', ['update'], { timeoutMs: 300_000, signal });
}

/** Leaves the packages unpacked in the cache and returns which versions they are. */
export async function fetchPackages(
  report: Report,
  paths = labPaths(),
  signal?: AbortSignal,
): Promise<string[]> {
  const known = await readManifest(paths);
  if (isComplete(known)) {
    report('fetch packages (cached)', 0);
    return known.files;
  }
  await step(report, 'fetch packages', async () => {
    try {
      await ensureLists(signal);
      const names = [await kernelPackage(signal), ...PACKAGE_NAMES];
      await download(names, paths.packages, signal);
      await unpack(paths, names, signal);
    } finally {
      await rm(paths.packages, { recursive: true, force: true });
    }
  });
  return (await readManifest(paths))?.files ?? [];
}
