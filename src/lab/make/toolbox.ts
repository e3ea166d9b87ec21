/** What the lab takes from the machine that it runs on: QEMU, compilers and some tools, from which version on. */
import type { Family } from './distribution.ts';

/** Boxes are x86-64: elsewhere, what runs in them is compiled by a compiler for that. */
export const GUEST_COMPILER = process.arch === 'x64' ? 'gcc' : 'x86_64-linux-gnu-gcc';

export interface Tool {
  name: string;
  /** What for, in some words. */
  use: string;
  /** A command that tells its version, or that it is there. */
  probe: readonly [string, ...string[]];
  /** From which version on, and where in the probe's output it stands. */
  least?: { version: readonly [number, number]; pattern: RegExp };
  /** What was seen of versions from this one on. */
  caveat?: { from: readonly [number, number]; words: string };
  /** The lab works without, if worse. */
  optional?: boolean;
  packages: Readonly<Record<Family, string>>;
}

/** One name for a package in every family but those given. */
function called(name: string, others: Partial<Record<Family, string>> = {}): Record<Family, string> {
  return { debian: name, fedora: name, arch: name, suse: name, alpine: name, ...others };
}

const GCC_VERSION = { version: [8, 0], pattern: /\) (\d+)\.(\d+)/ } as const;

const HOST_COMPILER: Tool = {
  name: 'gcc',
  use: 'compiles the GPU, and with it what runs in the boxes',
  probe: ['gcc', '--version'],
  // From there on it knows C17.
  least: GCC_VERSION,
  packages: called('gcc'),
};

const CROSS_COMPILER: Tool = {
  name: GUEST_COMPILER,
  use: 'compiles what runs in the boxes',
  probe: [GUEST_COMPILER, '--version'],
  least: GCC_VERSION,
  // Debian's was looked up; the others' are what these distributions call theirs, and were not tried.
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
  use: 'runs the boxes',
  probe: ['qemu-system-x86_64', '--version'],
  least: { version: [7, 2], pattern: /version (\d+)\.(\d+)/ },
  // 10.0.13, with Xen 4.17 and Linux 6.1: the guest's first page fault, in copy_bootdata, is its last.
  caveat: {
    from: [10, 0],
    words:
      process.arch === 'x64'
        ? 'without KVM, Xen’s guests end as they begin under it, so the lab fetches Debian 12’s, 7.2'
        : 'without KVM, Xen’s guests were seen to end as they begin; under QEMU 7.2 they run',
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
    use: 'the GPU is compiled with them',
    probe: ['sh', '-c', 'echo "#include <stdio.h>" | gcc -E -x c - >/dev/null'],
    packages: called('glibc-devel', { debian: 'libc6-dev', arch: 'glibc', alpine: 'musl-dev linux-headers' }),
  },
  { name: 'make', use: 'builds the lab’s programs', probe: ['make', '--version'], packages: called('make') },
  {
    name: 'ssh',
    use: 'reaches the boxes',
    probe: ['ssh', '-V'],
    packages: called('openssh-clients', {
      debian: 'openssh-client',
      arch: 'openssh',
      alpine: 'openssh-client',
    }),
  },
  {
    name: 'ssh-keygen',
    use: 'makes the lab’s keys',
    // It has no harmless flag that succeeds: that it starts is enough.
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
    use: 'keeps the booted lab for the next time, which boots anew without',
    probe: ['zstd', '--version'],
    optional: true,
    packages: called('zstd'),
  },
  {
    name: 'a font',
    use: 'writes what is on the report’s PNG charts',
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
