/**
 * KVM if it really works, else TCG. /dev/kvm can open, create a VM and a VCPU and still never run a guest, so
 * a tiny kernel is run with a deadline: it writes one byte to a port that ends QEMU.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../problem.ts';
import { run } from '../run.ts';
import type { Report } from '../step.ts';

export type Accelerator = 'kvm' | 'tcg';

const PROBE_DEADLINE_S = 4;
const EXIT_PORT = 0xf4;
const EXIT_VALUE = 0x10;
/** isa-debug-exit ends QEMU with (value << 1) | 1. */
const EXIT_STATUS = (EXIT_VALUE << 1) | 1;

/** A multiboot image without an ELF header: loaded at 1 MiB, it runs `mov al, value; out port, al; hlt`. */
function tinyKernel(): Buffer {
  const base = 0x100000;
  const [magic, addressesGiven] = [0x1badb002, 0x00010000];
  const code = Buffer.from([0xb0, EXIT_VALUE, 0xe6, EXIT_PORT, 0xf4]);
  const header = Buffer.alloc(32);
  const fields = [
    magic,
    addressesGiven,
    -(magic + addressesGiven) >>> 0,
    base,
    base,
    base + 40,
    base + 40,
    base + 32,
  ];
  fields.forEach((field, index) => header.writeUInt32LE(field, index * 4));
  return Buffer.concat([header, code, Buffer.alloc(3)]);
}

/** Xen's PVH guests need SVM or VMX inside the machine. */
async function nests(): Promise<boolean> {
  for (const module of ['kvm_amd', 'kvm_intel'])
    try {
      const nested = await readFile(`/sys/module/${module}/parameters/nested`, 'utf8');
      return /^[1Y]/.test(nested);
    } catch {
      continue;
    }
  return false;
}

export function tinyKernelFile(folder: string): string {
  return join(folder, 'tiny-kernel');
}

/** @param folder A folder for the kernel, which is only needed briefly. */
async function runsTinyKernel(
  accelerator: Accelerator,
  folder: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const kernel = tinyKernelFile(folder);
  await writeFile(kernel, tinyKernel());
  const machine = [
    '-accel',
    accelerator,
    '-M',
    'q35',
    '-m',
    '32',
    '-nodefaults',
    '-display',
    'none',
    '-no-reboot',
  ];
  const exit = ['-device', `isa-debug-exit,iobase=0x${EXIT_PORT.toString(16)},iosize=1`];
  try {
    // timeout(1) enforces its deadline even if we are gone.
    const deadline = ['-s', 'KILL', String(PROBE_DEADLINE_S), 'qemu-system-x86_64'];
    const { exitCode } = await run('timeout', [...deadline, ...machine, ...exit, '-kernel', kernel], {
      signal,
    });
    return exitCode === EXIT_STATUS;
  } finally {
    await rm(kernel, { force: true });
  }
}

/**
 * Boots under the accelerator that was found. KVM may run a tiny kernel but not Xen: if booting under it
 * fails, everything is removed and booted again under TCG, which is reported.
 */
export async function bootUnder<T>(
  found: Accelerator,
  boot: (accelerator: Accelerator) => Promise<T>,
  clear: () => Promise<void>,
  report: Report,
): Promise<T> {
  if (found === 'tcg') return boot(found);
  try {
    return await boot(found);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'VGB-LAB-BOOT') throw error;
    report(`booting under KVM failed, so booting again under TCG: ${error.message}`, 0);
    await clear();
    return boot('tcg');
  }
}

/** Both machines get the same accelerator, or they could not be compared. */
export async function findAccelerator(folder: string, signal?: AbortSignal): Promise<Accelerator> {
  return (await nests()) && (await runsTinyKernel('kvm', folder, signal)) ? 'kvm' : 'tcg';
}
