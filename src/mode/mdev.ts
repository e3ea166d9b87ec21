/**
 * Mediated devices: created from a type that a GPU’s driver offers, lent to a guest of KVM, and removed.
 * Source: Linux, Documentation/driver-api/vfio-mediated-device.rst.
 */
import { randomUUID } from 'node:crypto';
import { Problem } from '../problem.ts';
import { hostOf } from './host.ts';
import { hasAlready, startLent } from './lent.ts';
import type { Change, Site } from './mode.ts';
import { powerAt } from './powered.ts';
import { pciDevice, put } from './sysfs.ts';

/** The folder of a mediated device. */
export const mdevDevice = (uuid: string): string => `/sys/bus/mdev/devices/${uuid}`;
/** The folder of a type, below the GPU that offers it. */
export const typeFolder = (parent: string, type: string): string =>
  `${pciDevice(parent)}/mdev_supported_types/${type}`;

interface Wanted {
  /** The GPU, by its PCI address. */
  parent: string;
  type: string;
  /** Undefined for a new one. */
  uuid: string | undefined;
}

/** How to start a guest with a mediated device, and which device. @throws Problem, LinkLost */
export async function startMediated(
  site: Site,
  { parent, type, uuid = randomUUID() }: Wanted,
): Promise<{ uuid: string; changes: Change[] }> {
  const { name } = hostOf(site);
  const devices = [{ mdev: uuid }];
  if (await hasAlready(site, devices)) return { uuid, changes: [] };
  const made = mdevDevice(uuid);
  const provision: Change = {
    target: name,
    script: `[ -e ${made} ] || ${put(uuid, `${typeFolder(parent, type)}/create`)}`,
    undo: { target: name, script: `[ ! -e ${made} ] || ${put('1', `${made}/remove`)}` },
  };
  return { uuid, changes: await startLent(site, devices, [provision]) };
}

/** What its guest’s power must support. @throws Problem if it does not */
export function assertMediated(site: Site, uuid: string | undefined): void {
  const { holder, lend } = powerAt(site);
  if (holder === 'pciback')
    throw new Problem({
      code: 'VGB-MODE-POWER',
      message: `${site.guest.name} can’t be given a mediated device`,
      expected: 'a guest of KVM: power: { use: virsh }, or { use: qmp, ... }',
      found: 'a guest of Xen',
      next: 'use a guest of KVM in the mode’s on',
    });
  if (lend === undefined && uuid === undefined)
    throw new Problem({
      code: 'VGB-MODE-POWER',
      message: `the command line that starts ${site.guest.name} can’t take a newly created device`,
      expected: 'the key uuid in the mode, as on the guest’s command line',
      found: 'none',
      next: 'use a fixed UUID: -device vfio-pci,sysfsdev=/sys/bus/mdev/devices/UUID on the command line, and uuid: UUID in the mode',
    });
}
