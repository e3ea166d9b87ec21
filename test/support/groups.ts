/**
 * Which test files are run together. A file's name says whether it takes long; its imports show what it needs
 * of the machine, so that a new file is in the right group without a list.
 */
import { posix } from 'node:path';
import { modulesIn } from './imports.ts';

/** What is needed by whoever imports one of these, directly or indirectly. */
const NEEDS: Readonly<Record<string, string>> = {
  'bench/loopback/sshd.ts': 'sshd',
  'test/support/loopback.ts': 'sshd',
  'playwright-core': 'Chromium',
  'test/support/lab.ts': 'the lab',
  'test/support/make.ts': 'a C compiler',
  'test/support/latex.ts': 'LaTeX',
  'test/support/pdf.ts': 'poppler',
  'test/support/qemu.ts': 'QEMU',
  'test/support/libvirt.ts': 'libvirt',
  'test/support/slurm.ts': 'Slurm',
  'test/support/openmetrics.ts': 'Prometheus’ client for Python',
};

/** The text of a file, by its path from the root of the checkout; undefined where there is none. */
export type Read = (path: string) => string | undefined;

/** What a test needs beyond Node and the packages. */
export function needsOf(path: string, read: Read): string[] {
  const seen = new Set([path]);
  for (const file of seen)
    for (const module of modulesIn(read(file) ?? ''))
      seen.add(module.startsWith('.') ? posix.join(posix.dirname(file), module) : module);
  return [...new Set([...seen].flatMap((file) => NEEDS[file] ?? []))].sort();
}

/** Files that have the machine to themselves, and what in them a parallel load would change. */
export const QUIET: Readonly<Record<string, string>> = {
  'test/loopback.long.test.ts': 'whether a mode is slower than itself under another name',
};

/** Whether a test has the machine to itself. Those of the lab share one, whose clocks a load disturbs. */
export function needsQuiet(path: string, read: Read): boolean {
  return Object.hasOwn(QUIET, path) || needsOf(path, read).includes('the lab');
}

const takesLong = (path: string): boolean => path.endsWith('.long.test.ts');

export const GROUPS = {
  /** `npm test` */
  core: (path: string) => !takesLong(path),
  /** `npm run test:fast`: what runs on any machine, and beside other tests. */
  fast: (path: string, read: Read) => !takesLong(path) && needsOf(path, read).length === 0,
  /** `npm run test:long`: properties tested thousands of times. */
  long: takesLong,
} satisfies Record<string, (path: string, read: Read) => boolean>;
