/** The boot images: kernel, hypervisor, and an initramfs each for the bare box, dom0 and the guests. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import type { LabPaths } from '../paths.ts';
import { type Report, step } from '../step.ts';
import { cpio, type Entry } from './cpio.ts';
import { digestOf, filesBelow, keepOnly } from './digest.ts';
import type { LabKeys } from './keys.ts';
import { XEN_VERSION } from './packages.ts';
import { Packages, program, text } from './unpacked.ts';
import { extractVmlinux } from './vmlinux.ts';
import { makeWhole } from './whole.ts';
import { PROBE_NAMES, WORKLOAD_NAMES } from './workload-names.ts';

export interface Images {
  kernel: string;
  xen: string;
  bare: string;
  dom0: string;
}

const NETWORK_MODULES = ['e1000'];
const XEN_MODULES = ['xen-evtchn', 'xen-gntdev', 'xen-gntalloc', 'xen-privcmd', 'xenfs'];
const GUEST_MODULES = ['xen-evtchn', 'xen-gntdev', 'xen-gntalloc', 'xenfs', 'xen-netfront'];
const DOM0_MODULES = [...XEN_MODULES, 'llc', 'stp', 'bridge', ...NETWORK_MODULES, 'xen-netback'];

async function busybox(packages: Packages): Promise<Entry[]> {
  const { stdout } = await execa(packages.path('bin/busybox'), ['--list']);
  const links = stdout
    .split('\n')
    .filter((name) => name !== '' && name !== 'busybox')
    .map((name): Entry => ({ path: `bin/${name}`, kind: 'link', to: 'busybox' }));
  return [program('bin/busybox', await packages.read('bin/busybox')), ...links];
}

/** What every box has: a shell, an SSH server with the lab's keys, and its init. */
async function common(packages: Packages, paths: LabPaths, keys: LabKeys, init: string): Promise<Entry[]> {
  const script = async (name: string): Promise<Buffer> => readFile(join(paths.sources, 'guest', name));
  return [
    ...(await busybox(packages)),
    program('init', await script(init)),
    program('etc/lab-common', await script('common')),
    text('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'),
    text('etc/group', 'root:x:0:\n'),
    text('etc/shells', '/bin/sh\n'),
    text('root/.ssh/authorized_keys', keys.authorized),
    { path: 'etc/dropbear/host', kind: 'file', content: keys.hostPrivate, executable: false },
    ...['proc', 'sys', 'dev', 'tmp', 'run', 'var/log'].map((path): Entry => ({ path, kind: 'folder' })),
  ];
}

async function ours(native: string, names: string[]): Promise<Entry[]> {
  return Promise.all(
    names.map(async (name) => program(`usr/bin/${name}`, await readFile(join(native, name)))),
  );
}

function links(names: readonly string[], to: string): Entry[] {
  return names.map((name) => ({ path: `usr/bin/${name}`, kind: 'link', to }));
}

async function workloads(native: string): Promise<Entry[]> {
  const programs = await ours(native, ['workload', 'probe', 'vgpu-counters', 'vgpu-attest']);
  return [...programs, ...links(WORKLOAD_NAMES, 'workload'), ...links(PROBE_NAMES, 'probe')];
}

const DROPBEAR = { 'usr/sbin/dropbear': 'usr/sbin/dropbear' };

async function bareImage(
  packages: Packages,
  paths: LabPaths,
  keys: LabKeys,
  native: string,
): Promise<Buffer> {
  return cpio([
    ...(await common(packages, paths, keys, 'init-bare')),
    ...(await packages.programs(DROPBEAR)),
    ...(await packages.modules(NETWORK_MODULES)),
    ...(await workloads(native)),
    ...(await ours(native, ['vgpu-window'])),
  ]);
}

/** What a Xen machine has beside: the tools to look at, and in dom0 to serve, a boundary. */
const GUEST_PROGRAMS = ['pvdrm-front'];
const DOM0_PROGRAMS = ['vgpu-counters', 'vgpu-window', 'mediator', 'pvdrm-back', 'forwarder'];

/** PVH guests have no PCI and no disk: a network card of Xen's and this image is all there is. */
async function guestImage(
  packages: Packages,
  paths: LabPaths,
  keys: LabKeys,
  native: string,
): Promise<Buffer> {
  return cpio([
    ...(await common(packages, paths, keys, 'init-guest')),
    ...(await packages.programs(DROPBEAR)),
    ...(await packages.modules(GUEST_MODULES)),
    ...(await workloads(native)),
    ...(await ours(native, GUEST_PROGRAMS)),
    program('usr/bin/vgpu-mode', await readFile(join(paths.sources, 'guest', 'mode-guest'))),
  ]);
}

const XEN_PROGRAMS = {
  'usr/sbin/xl': `usr/lib/xen-${XEN_VERSION}/bin/xl`,
  [`usr/lib/xen-${XEN_VERSION}/bin/xenconsole`]: `usr/lib/xen-${XEN_VERSION}/bin/xenconsole`,
  'usr/sbin/xenstored': `usr/lib/xen-${XEN_VERSION}/bin/xenstored`,
  'usr/sbin/xenconsoled': `usr/lib/xen-${XEN_VERSION}/bin/xenconsoled`,
  'usr/sbin/xen-init-dom0': `usr/lib/xen-${XEN_VERSION}/bin/xen-init-dom0`,
  'usr/sbin/xentop': `usr/lib/xen-${XEN_VERSION}/bin/xentop`,
  'usr/bin/xenstore': 'usr/bin/xenstore',
};

const XENSTORE_NAMES = ['read', 'write', 'list', 'ls', 'rm', 'chmod', 'exists', 'watch'];

/** dom0 carries the guests' kernel and image, and Xen's toolstack. pthread_cancel wants libgcc_s at run time. */
async function dom0Image(
  packages: Packages,
  paths: LabPaths,
  keys: LabKeys,
  native: string,
  guest: Buffer,
): Promise<Buffer> {
  const vmlinux = await extractVmlinux(await packages.read(`boot/vmlinuz-${await packages.kernelVersion()}`));
  return cpio([
    ...(await common(packages, paths, keys, 'init-dom0')),
    ...(await packages.programs({ ...DROPBEAR, ...XEN_PROGRAMS }, ['libgcc_s.so.1'])),
    ...XENSTORE_NAMES.map((name): Entry => ({
      path: `usr/bin/xenstore-${name}`,
      kind: 'link',
      to: 'xenstore',
    })),
    ...(await packages.modules(DOM0_MODULES)),
    ...(await ours(native, DOM0_PROGRAMS)),
    program('usr/bin/vgpu-mode', await readFile(join(paths.sources, 'guest', 'mode-dom0'))),
    program('usr/bin/vgpu-attest', await readFile(join(paths.sources, 'guest', 'attest-dom0'))),
    program('usr/bin/vdrm', await readFile(join(paths.sources, 'guest', 'vdrm'))),
    text('etc/xen/xl.conf', ''),
    program('etc/xen/vif', await readFile(join(paths.sources, 'guest', 'vif'))),
    program('guest/vmlinux', vmlinux),
    program('guest/initramfs', guest),
  ]);
}

async function xenKernel(packages: Packages): Promise<Buffer> {
  // QEMU's -kernel takes the multiboot ELF, and not the packed file.
  return gunzipSync(await packages.read(`boot/xen-${XEN_VERSION}-amd64.gz`));
}

async function writeImages(folder: string, paths: LabPaths, keys: LabKeys, native: string): Promise<void> {
  const packages = new Packages(paths.unpacked);
  const version = await packages.kernelVersion();
  const kernel = await packages.read(`boot/vmlinuz-${version}`);
  await writeFile(join(folder, 'vmlinuz'), kernel);
  await writeFile(join(folder, 'bare.cpio'), await bareImage(packages, paths, keys, native));
  await writeFile(join(folder, 'xen'), await xenKernel(packages));
  const guest = await guestImage(packages, paths, keys, native);
  await writeFile(join(folder, 'dom0.cpio'), await dom0Image(packages, paths, keys, native, guest));
}

function imagesIn(folder: string): Images {
  return {
    kernel: join(folder, 'vmlinuz'),
    xen: join(folder, 'xen'),
    bare: join(folder, 'bare.cpio'),
    dom0: join(folder, 'dom0.cpio'),
  };
}

export async function buildImages(
  report: Report,
  paths: LabPaths,
  keys: LabKeys,
  native: string,
  signal?: AbortSignal,
): Promise<Images> {
  const scripts = await filesBelow(join(paths.sources, 'guest'));
  const recipe = ['images', 'unpacked', 'cpio', 'workload-names'].map((name) =>
    join(import.meta.dirname, name + extname(import.meta.filename)),
  );
  const digest = await digestOf(
    paths.sources,
    [...scripts, ...recipe, join(paths.unpacked, 'manifest.json')],
    [basename(native), keys.hostPublic, keys.authorized],
  );
  const folder = join(paths.build, `images-${digest}`);
  if (existsSync(folder)) {
    report('build images (cached)', 0);
    return imagesIn(folder);
  }
  await step(report, 'build images', async () => {
    await makeWhole(folder, async (fresh) => {
      await writeImages(fresh, paths, keys, native);
      signal?.throwIfAborted();
    });
    await keepOnly(paths.build, basename(folder), 'images-');
  });
  return imagesIn(folder);
}
