/**
 * QEMU: the system's or, if that can't run Xen's guests, Debian 12's, unpacked into the cache like everything
 * the lab is built from.
 */
import { join } from 'node:path';
import type { LabPaths } from '../paths.ts';
import type { Report } from '../step.ts';
import { type FetchOptions, fetchInto } from './fetch.ts';
import { findTools } from './tools.ts';
import { QEMU } from './toolbox.ts';

/** A command and its first arguments; the machine's arguments follow. */
export type Emulator = readonly [string, ...string[]];

export const SYSTEM_EMULATOR: Emulator = ['qemu-system-x86_64'];

/** With the libraries that it needs for the boxes, without Debian's recommended packages. */
const PACKAGES: readonly string[] = [
  ...['qemu-system-x86', 'qemu-system-common', 'qemu-system-data', 'seabios', 'ipxe-qemu'],
  ...['libaio1', 'libblkid1', 'libbpf1', 'libc6', 'libcapstone4', 'libdaxctl1', 'libelf1', 'libfdt1'],
  ...['libffi8', 'libfuse3-3', 'libgcc-s1', 'libglib2.0-0', 'libgmp10', 'libgnutls30', 'libhogweed6'],
  ...['libibverbs1', 'libidn2-0', 'libjpeg62-turbo', 'libkmod2', 'liblzma5', 'libmount1', 'libndctl6'],
  ...['libnettle8', 'libnl-3-200', 'libnl-route-3-200', 'libnuma1', 'libp11-kit0', 'libpcre2-8-0'],
  ...['libpixman-1-0', 'libpmem1', 'libpng16-16', 'librdmacm1', 'libsasl2-2', 'libseccomp2', 'libselinux1'],
  ...['libslirp0', 'libssl3', 'libtasn1-6', 'libudev1', 'libunistring2', 'liburing2', 'libuuid1'],
  ...['libvdeplug2', 'libzstd1', 'zlib1g'],
];

/** A QEMU in a folder of its own, run with the C library next to it. */
function unpackedEmulator(folder: string): Emulator {
  const libraries = ['lib', 'usr/lib'].map((part) => join(folder, part, 'x86_64-linux-gnu'));
  return [
    'env',
    `QEMU_MODULE_DIR=${join(folder, 'usr/lib/x86_64-linux-gnu/qemu')}`,
    join(folder, 'lib/x86_64-linux-gnu/ld-linux-x86-64.so.2'),
    '--library-path',
    libraries.join(':'),
    join(folder, 'usr/bin/qemu-system-x86_64'),
    ...['share/qemu', 'share/seabios', 'lib/ipxe/qemu'].flatMap((data) => ['-L', join(folder, 'usr', data)]),
  ];
}

/** The QEMU that a lab without KVM uses, whether or not it has been fetched. */
export async function emulatorOf(paths: LabPaths, find = findTools): Promise<Emulator> {
  const [system] = await find([QEMU]);
  return system?.caveat !== undefined && process.arch === 'x64'
    ? unpackedEmulator(paths.emulator)
    : SYSTEM_EMULATOR;
}

/** The same, fetched if necessary. @throws Problem if that fails. */
export async function ensureEmulator(
  report: Report,
  options: FetchOptions & { paths: LabPaths },
  find = findTools,
): Promise<Emulator> {
  const emulator = await emulatorOf(options.paths, find);
  if (emulator !== SYSTEM_EMULATOR)
    await fetchInto(report, 'Debian 12’s QEMU', PACKAGES, options.paths.emulator, options);
  return emulator;
}
