/** The content of each box: its init, a shell, an SSH server, kernel modules, and the lab's own programs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabPaths } from '../paths.ts';
import { appletsOf } from './applets.ts';
import { type Entry, executable, text } from './cpio.ts';
import type { LabKeys } from './keys.ts';
import { XEN_VERSION } from './packages.ts';
import { kernelModules, programs } from './unpacked.ts';
import { extractVmlinux } from './vmlinux.ts';
import { PROBE_NAMES, WORKLOAD_NAMES } from './workload-names.ts';

/** What the boxes are made from. */
export interface Ingredients {
  paths: LabPaths;
  keys: LabKeys;
  /** The folder with the lab's compiled programs. */
  native: string;
}

const NETWORK_MODULES = ['e1000'];
const XEN_MODULES = ['xen-evtchn', 'xen-gntdev', 'xen-gntalloc', 'xen-privcmd', 'xenfs'];
const GUEST_MODULES = ['xen-evtchn', 'xen-gntalloc', 'xen-privcmd', 'xen-gntdev', 'xen-netfront'];
const DOM0_MODULES = [...XEN_MODULES, 'llc', 'stp', 'bridge', ...NETWORK_MODULES, 'xen-netback'];

/**
 * Modules that are also loaded if PCI devices are passed through: in dom0, and in the guest that gets one.
 */
const PCI_MODULES = { dom0: ['xen-pciback'], guest: ['xen-pcifront', 'uio', 'uio_pci_generic'] };

const DROPBEAR = { 'usr/sbin/dropbear': 'usr/sbin/dropbear' };
const XEN_PROGRAMS = {
  'usr/sbin/xl': `usr/lib/xen-${XEN_VERSION}/bin/xl`,
  [`usr/lib/xen-${XEN_VERSION}/bin/xenconsole`]: `usr/lib/xen-${XEN_VERSION}/bin/xenconsole`,
  'usr/sbin/xenstored': `usr/lib/xen-${XEN_VERSION}/bin/xenstored`,
  'usr/sbin/xenconsoled': `usr/lib/xen-${XEN_VERSION}/bin/xenconsoled`,
  'usr/sbin/xen-init-dom0': `usr/lib/xen-${XEN_VERSION}/bin/xen-init-dom0`,
  'usr/sbin/xentop': `usr/lib/xen-${XEN_VERSION}/bin/xentop`,
  'usr/bin/xenstore': 'usr/bin/xenstore',
};
/** Programs that each trial starts, and that busybox also has: PATH has these first. */
const SMALL_NAMES = ['head', 'mkdir', 'setsid', 'sleep'];
const XENSTORE_NAMES = ['read', 'write', 'list', 'ls', 'rm', 'chmod', 'exists', 'watch'];

export async function bareContents(from: Ingredients): Promise<Entry[]> {
  return [
    ...(await common(from, 'init-bare')),
    ...(await programs(from.paths.unpacked, DROPBEAR)),
    ...(await kernelModules(from.paths.unpacked, NETWORK_MODULES)),
    ...(await workloads(from)),
    ...(await ours(from, ['vgpu-window', 'waker', { 'vgpu-facts': 'facts-guest' }])),
  ];
}

/**
 * PVH guests have no PCI and no disk: they only have a Xen network card and this image; so does the PV guest
 * p1.
 */
export async function guestContents(from: Ingredients): Promise<Entry[]> {
  return [
    ...(await common(from, 'init-guest')),
    ...(await programs(from.paths.unpacked, DROPBEAR)),
    ...(await kernelModules(from.paths.unpacked, GUEST_MODULES)),
    ...(await kernelModules(from.paths.unpacked, PCI_MODULES.guest, 'pci-modules')),
    await script(from, 'sbin/poweroff', 'poweroff'),
    await script(from, 'sbin/reboot', 'reboot'),
    ...(await workloads(from)),
    ...(await ours(from, [
      'pvdrm-front',
      'waker',
      { 'vgpu-mode': 'mode-guest', 'vgpu-facts': 'facts-guest' },
    ])),
  ];
}

/**
 * dom0 contains the guests' kernel and image, and Xen's toolstack. pthread_cancel needs libgcc_s at run time.
 */
export async function dom0Contents(from: Ingredients, guestImage: Buffer): Promise<Entry[]> {
  const { unpacked } = from.paths;
  return [
    ...(await common(from, 'init-dom0')),
    ...(await programs(unpacked, { ...DROPBEAR, ...XEN_PROGRAMS }, ['libgcc_s.so.1'])),
    ...links(
      XENSTORE_NAMES.map((name) => `xenstore-${name}`),
      'xenstore',
    ),
    ...(await kernelModules(unpacked, DOM0_MODULES)),
    ...(await kernelModules(unpacked, PCI_MODULES.dom0, 'pci-modules')),
    ...(await ours(from, ['mediator', 'pvdrm-back', 'forwarder'])),
    ...(await ours(from, ['vgpu-counters', 'vgpu-window', 'vgpu-domain', 'waker'])),
    ...(await ours(from, [{ 'vgpu-mode': 'mode-dom0', 'vgpu-facts': 'facts-dom0' }])),
    await script(from, 'usr/bin/vgpu-attest', 'attest-dom0'),
    await script(from, 'usr/bin/lab-guests', 'guests'),
    text('etc/xen/xl.conf', ''),
    await script(from, 'etc/xen/vif', 'vif'),
    executable('guest/vmlinux', await extractVmlinux(unpacked)),
    executable('guest/initramfs', guestImage),
  ];
}

/** The content common to all boxes: a shell, an SSH server's keys, and its init. */
async function common(from: Ingredients, init: string): Promise<Entry[]> {
  const { paths, keys } = from;
  return [
    ...(await busybox(paths.unpacked)),
    await script(from, 'init', init),
    await script(from, 'etc/lab-common', 'common'),
    text('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'),
    text('etc/group', 'root:x:0:\n'),
    text('etc/shells', '/bin/sh\n'),
    text('root/.ssh/authorized_keys', keys.authorized),
    { path: 'etc/dropbear/host', kind: 'file', content: keys.hostPrivate, executable: false },
    ...['proc', 'sys', 'dev', 'tmp', 'run', 'var/log'].map((path): Entry => ({ path, kind: 'folder' })),
  ];
}

async function busybox(unpacked: string): Promise<Entry[]> {
  const program = await readFile(join(unpacked, 'bin/busybox'));
  const applets = appletsOf(program, unpacked).filter((name) => name !== 'busybox');
  return [
    executable('bin/busybox', program),
    ...applets.map((name): Entry => ({ path: `bin/${name}`, kind: 'link', to: 'busybox' })),
  ];
}

async function workloads(from: Ingredients): Promise<Entry[]> {
  return [
    ...(await ours(from, ['workload', 'probe', 'vgpu-counters', 'vgpu-attest', 'small'])),
    ...links(SMALL_NAMES, 'small'),
    ...links(WORKLOAD_NAMES, 'workload'),
    ...links(PROBE_NAMES, 'probe'),
  ];
}

function links(names: readonly string[], to: string): Entry[] {
  return names.map((name) => ({ path: `usr/bin/${name}`, kind: 'link', to }));
}

/**
 * The lab's own programs, by name; a name whose program differs between machines maps to the one used here.
 */
async function ours(
  { native }: Ingredients,
  programs: (string | Record<string, string>)[],
): Promise<Entry[]> {
  const named = programs.flatMap((program) =>
    typeof program === 'string' ? [[program, program] as const] : Object.entries(program),
  );
  return Promise.all(
    named.map(async ([name, built]) => executable(`usr/bin/${name}`, await readFile(join(native, built)))),
  );
}

async function script({ paths }: Ingredients, to: string, name: string): Promise<Entry> {
  return executable(to, await readFile(join(paths.sources, 'guest', name)));
}
