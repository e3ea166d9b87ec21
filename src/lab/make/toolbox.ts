/**
 * The tools that the lab uses from its machine: QEMU, compilers and others, with the minimum version of each.
 */
import type { Family } from './distribution.ts';

/** Boxes are x86-64: on other machines, a cross compiler compiles what runs in them. */
export const GUEST_COMPILER = process.arch === 'x64' ? 'gcc' : 'x86_64-linux-gnu-gcc';

export interface Tool {
  name: string;
  /** Its purpose, in a few words. */
  use: string;
  /** A command that prints its version, or shows that it exists. */
  probe: readonly [string, ...string[]];
  /** The minimum version, and how to find it in the probe's output. */
  least?: { version: readonly [number, number]; pattern: RegExp };
  /** A known problem of versions from this one on. */
  caveat?: { from: readonly [number, number]; words: string };
  /** The lab works without it, with restrictions. */
  optional?: boolean;
  packages: Readonly<Record<Family, string>>;
}

/** One package name for every family, with exceptions. */
function called(name: string, others: Partial<Record<Family, string>> = {}): Record<Family, string> {
  return { debian: name, fedora: name, arch: name, suse: name, alpine: name, ...others };
}

const GCC_VERSION = { version: [8, 0], pattern: /\) (\d+)\.(\d+)/ } as const;

const HOST_COMPILER: Tool = {
  name: 'gcc',
  use: 'compiles the GPU and what runs in the machines',
  probe: ['gcc', '--version'],
  // The first version that supports C17.
  least: GCC_VERSION,
  packages: called('gcc'),
};

const CROSS_COMPILER: Tool = {
  name: GUEST_COMPILER,
  use: 'compiles what runs in the machines',
  probe: [GUEST_COMPILER, '--version'],
  least: GCC_VERSION,
  // Debian's name was verified; the others are the names in those distributions, untested.
  packages: {
    debian: 'gcc-x86-64-linux-gnu',
    fedora: 'gcc-x86_64-linux-gnu',
    arch: 'x86_64-linux-gnu-gcc',
    suse: 'cross-x86_64-gcc14',
    alpine: 'gcc-x86_64-linux-gnu',
  },
};

export const QEMU: Tool = {
  name: 'QEMU',
  use: 'runs the machines',
  probe: ['qemu-system-x86_64', '--version'],
  least: { version: [7, 2], pattern: /version (\d+)\.(\d+)/ },
  // 10.0.13, with Xen 4.17 and Linux 6.1: the guest dies at its first page fault, in copy_bootdata.
  caveat: {
    from: [10, 0],
    words:
      process.arch === 'x64'
        ? 'without KVM, Xen’s guests crash at boot under it, so the lab fetches Debian 12’s QEMU 7.2'
        : 'without KVM, Xen’s guests crash at boot; they run under QEMU 7.2',
  },
  packages: called('qemu-system-x86', {
    fedora: 'qemu-system-x86-core',
    suse: 'qemu-x86',
    alpine: 'qemu-system-x86_64',
  }),
};

export const TOOLS: readonly Tool[] = [
  QEMU,
  HOST_COMPILER,
  ...(GUEST_COMPILER === 'gcc' ? [] : [CROSS_COMPILER]),
  {
    name: 'C headers',
    use: 'needed to compile the GPU',
    probe: ['sh', '-c', 'echo "#include <stdio.h>" | gcc -E -x c - >/dev/null'],
    packages: called('glibc-devel', { debian: 'libc6-dev', arch: 'glibc', alpine: 'musl-dev linux-headers' }),
  },
  { name: 'make', use: 'builds the lab’s programs', probe: ['make', '--version'], packages: called('make') },
  {
    name: 'ssh',
    use: 'connects to the machines',
    probe: ['ssh', '-V'],
    packages: called('openssh-clients', {
      debian: 'openssh-client',
      arch: 'openssh',
      alpine: 'openssh-client',
    }),
  },
  {
    name: 'ssh-keygen',
    use: 'creates the lab’s keys',
    // It has no harmless flag that succeeds, so only its presence is checked.
    probe: ['sh', '-c', 'command -v ssh-keygen'],
    packages: called('openssh-clients', {
      debian: 'openssh-client',
      arch: 'openssh',
      alpine: 'openssh-keygen',
    }),
  },
  { name: 'tar', use: 'unpacks packages', probe: ['tar', '--version'], packages: called('tar') },
  {
    name: 'xz',
    use: 'unpacks packages and the kernel',
    probe: ['xz', '--version'],
    packages: called('xz', { debian: 'xz-utils' }),
  },
  {
    name: 'gpgv or gpg',
    use: 'checks Debian’s signature',
    probe: ['sh', '-c', 'command -v gpgv || command -v gpg'],
    packages: called('gnupg', { debian: 'gpgv', fedora: 'gnupg2', suse: 'gpg2' }),
  },
  {
    name: 'zstd',
    use: 'saves snapshots; without it, the lab boots every time',
    probe: ['zstd', '--version'],
    optional: true,
    packages: called('zstd'),
  },
  {
    name: 'a font',
    use: 'for text in the report’s PNG charts',
    probe: [
      'sh',
      '-c',
      'find /usr/share/fonts ~/.local/share/fonts -name "*.[ot]tf" 2>/dev/null | grep -m 1 .',
    ],
    optional: true,
    packages: called('ttf-dejavu', {
      debian: 'fonts-dejavu-core',
      fedora: 'dejavu-sans-fonts',
      suse: 'dejavu-fonts',
    }),
  },
];
