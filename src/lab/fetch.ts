/** Fetches the boxes' packages and unpacks them into the cache; a second run finds them there. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';

import { LabError } from './lab-error.ts';
import { kernelMetapackage, packageNames, xenVersion } from './packages.ts';
import { labPaths, type LabPaths } from './paths.ts';
import { type Report, step } from './step.ts';
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
  return manifest !== undefined && packageNames.every((name) => manifest.names.includes(name));
}

async function kernelPackage(): Promise<string> {
  const { stdout } = await execa('apt-cache', ['depends', kernelMetapackage], { reject: false });
  const name = /Depends:\s*(linux-image-\S+)/.exec(stdout)?.[1];
  if (name !== undefined) return name;
  throw new LabError(
    'lab-packages',
    `apt knows no ${kernelMetapackage} with a kernel behind it. The lab is made of Debian 12's packages ` +
      `(kernel 6.1, Xen ${xenVersion}): run \`apt-get update\` on Debian 12.`,
  );
}

async function download(names: string[], folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // Without a sandbox user: the cache may lie where only its owner can write.
  const args = ['download', '-q', '-o', 'APT::Sandbox::User=', ...names];
  const { exitCode, all } = await execa('apt-get', args, {
    cwd: folder,
    all: true,
    reject: false,
    timeout: 600_000,
  });
  if (exitCode === 0) return;
  throw new LabError(
    'lab-packages',
    `apt-get could not download the lab's packages:\n${all.slice(-600)}\nRun \`apt-get update\` on Debian 12 and try again.`,
  );
}

async function unpack(paths: LabPaths, names: string[]): Promise<void> {
  await makeWhole(paths.unpacked, async (fresh) => {
    const files = (await readdir(paths.packages)).filter((file) => file.endsWith('.deb')).sort();
    for (const file of files) await execa('dpkg-deb', ['-x', join(paths.packages, file), fresh]);
    await writeFile(join(fresh, 'manifest.json'), JSON.stringify({ names, files }, undefined, 2));
  });
}

async function ensureLists(): Promise<void> {
  const known = await execa('apt-cache', ['show', kernelMetapackage], { reject: false });
  if (known.exitCode !== 0 && process.getuid?.() === 0)
    await execa('apt-get', ['update'], { reject: false, timeout: 300_000 });
}

/** Leaves the packages unpacked in the cache and returns which versions they are. */
export async function fetchPackages(report: Report, paths = labPaths()): Promise<string[]> {
  const known = await readManifest(paths);
  if (isComplete(known)) {
    report('fetch packages (cached)', 0);
    return known.files;
  }
  await step(report, 'fetch packages', async () => {
    await ensureLists();
    const names = [await kernelPackage(), ...packageNames];
    await download(names, paths.packages);
    await unpack(paths, names);
    await rm(paths.packages, { recursive: true, force: true });
  });
  return (await readManifest(paths))?.files ?? [];
}
