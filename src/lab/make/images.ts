/** The boot images: kernel, hypervisor, and an initramfs each for the bare box, dom0 and the guests. */
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Report, step } from '../step.ts';
import { type Ingredients, bareContents, dom0Contents, guestContents } from './contents.ts';
import { cpio } from './cpio.ts';
import { digestOf, filesBelow, keepOnly } from './digest.ts';
import { XEN_VERSION } from './packages.ts';
import { kernelImage } from './unpacked.ts';
import { makeWhole } from './whole.ts';

export interface Images {
  kernel: string;
  xen: string;
  bare: string;
  dom0: string;
}

/** Where the images of exactly these ingredients are once built. */
export async function imagesFolder(from: Ingredients): Promise<string> {
  return join(from.paths.build, `images-${await imagesDigest(from)}`);
}

export async function buildImages(report: Report, from: Ingredients, signal?: AbortSignal): Promise<Images> {
  const { build } = from.paths;
  const folder = await imagesFolder(from);
  if (existsSync(folder)) {
    report('build images (cached)', 0);
    return imagesIn(folder);
  }
  await step(report, 'build images', async () => {
    await makeWhole(folder, async (fresh) => {
      await writeImages(imagesIn(fresh), from);
      signal?.throwIfAborted();
    });
    await keepOnly(build, basename(folder), 'images-');
  });
  return imagesIn(folder);
}

/** The key of the images: everything they are built from, and everything that builds them. */
export async function imagesDigest({ paths, keys, native }: Ingredients): Promise<string> {
  const scripts = await filesBelow(join(paths.sources, 'guest'));
  return digestOf(
    paths.sources,
    [...scripts, ...(await makers()), join(paths.unpacked, 'manifest.json')],
    [basename(native), keys.hostPublic, keys.authorized],
  );
}

/** Every module that can affect an image: of the lab, make/ only imports from its own folder. */
async function makers(): Promise<string[]> {
  const make = import.meta.dirname;
  const lab = await readdir(dirname(make), { withFileTypes: true });
  const beside = lab.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return [...(await filesBelow(make)), ...beside.sort()];
}

export function imagesIn(folder: string): Images {
  return {
    kernel: join(folder, 'vmlinuz'),
    xen: join(folder, 'xen'),
    bare: join(folder, 'bare.cpio'),
    dom0: join(folder, 'dom0.cpio'),
  };
}

async function writeImages(images: Images, from: Ingredients): Promise<void> {
  const { unpacked } = from.paths;
  await writeFile(images.kernel, await kernelImage(unpacked));
  await writeFile(images.xen, await multibootXen(unpacked));
  await writeFile(images.bare, cpio(await bareContents(from)));
  await writeFile(images.dom0, cpio(await dom0Contents(from, cpio(await guestContents(from)))));
}

/** QEMU's -kernel needs the multiboot ELF, not the compressed file. */
async function multibootXen(unpacked: string): Promise<Buffer> {
  return gunzipSync(await readFile(join(unpacked, `boot/xen-${XEN_VERSION}-amd64.gz`)));
}
