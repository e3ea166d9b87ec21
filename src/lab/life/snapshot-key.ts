/** The key of a snapshot: everything that must be identical for a machine to continue from it. */
import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { machineShape } from '../boot/box.ts';
import { boxesOf, type BoxSite } from '../boot/boxes.ts';
import { layoutOf, type LabLayout } from '../boot/layout.ts';
import { nativeFolder } from '../make/build.ts';
import { emulatorOf } from '../make/emulator.ts';
import { imagesFolder, imagesIn } from '../make/images.ts';
import { ensureKeys } from '../make/keys.ts';
import type { LabPaths } from '../paths.ts';

/** The digests of the images and of the GPU's program, QEMU, the boxes' arguments, and the host's CPU. */
export async function snapshotKey(
  site: Omit<BoxSite, 'hosts' | 'tscKhz'> & { native: string },
  layout: LabLayout,
): Promise<string> {
  // The frequency is measured each time, and compared with the snapshot's.
  const shapes = boxesOf({ ...site, hosts: [], tscKhz: undefined }, layout).map(machineShape);
  const [command, ...first] = site.emulator;
  const qemu = await execa(command, [...first, '--version'], { reject: false });
  const parts = [basename(site.native), shapes, qemu.stdout, cpus()[0]?.model];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** The key for a lab of this layout, built from the current sources. */
export async function currentKey(paths: LabPaths, guests: number, bare: boolean): Promise<string> {
  const native = await nativeFolder(paths);
  const keys = await ensureKeys(paths);
  const images = imagesIn(await imagesFolder({ paths, keys, native }));
  const emulator = await emulatorOf(paths);
  return snapshotKey(
    { native, images, accelerator: 'tcg', emulator },
    layoutOf({ guests, bare, pci: false }),
  );
}

/**
 * The frequency, in kHz, of the time-stamp counter that the boxes use as their clock; undefined if unknown.
 */
export async function tscKhz(native: string): Promise<number | undefined> {
  const { stdout, exitCode } = await execa(join(native, 'tsc-rate'), { reject: false });
  return exitCode === 0 ? Number(stdout) || undefined : undefined;
}
