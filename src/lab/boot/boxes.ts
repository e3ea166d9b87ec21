/** The two boxes: bare Linux, and Xen with its dom0. Each boots, or continues from a saved state. */
import type { Emulator } from '../make/emulator.ts';
import type { Images } from '../make/images.ts';
import type { LabPaths } from '../paths.ts';
import type { Report } from '../step.ts';
import type { Accelerator } from './accelerator.ts';
import { type BoxOptions, type BoxProcess, consoleLog, machineLog, startBox } from './box.ts';
import type { Clock } from './clocks.ts';
import { BOX_ADDRESS, guestAddress, type LabLayout } from './layout.ts';
import { goOn } from './saved-box.ts';
import { boxSockets } from './sockets.ts';
import type { SshHost } from './ssh-config.ts';
import { waitForSsh, type WaitFor, waiting } from './wait.ts';
import { openWakeLine } from './wake-line.ts';

/** What booting needs to know, and where it reports. */
export interface BootSite {
  report: Report;
  signal: AbortSignal | undefined;
  paths: LabPaths;
  native: string;
  images: Images;
  accelerator: Accelerator;
  emulator: Emulator;
  /** The frequency of the time-stamp counter that the boxes use as their clock, if known. */
  tscKhz: number | undefined;
  hosts: SshHost[];
  sshConfig: string;
  started: (process: BoxProcess) => Promise<void>;
}

export interface Box extends BoxOptions {
  alias: string;
}

export interface Booted {
  box: Box;
  /** Resolves with the box's clocks once it answers over SSH. */
  answers: () => Promise<Clock>;
}

const DOM0_MEMORY_MB = 512;
const GUEST_MEMORY_MB = 160;
const BARE_MEMORY_MB = 512;
const XEN_MEMORY_MB = 256;
/**
 * The minimum with an IOMMU: Xen gives its tables as many levels as the memory needs, and up to 1 GiB these
 * are two, which do not cover the PCI bus's own addresses.
 */
const IOMMU_MEMORY_MB = 1280;
const BOOT_DEADLINE_MS = 180_000;
const RESTORE_DEADLINE_MS = 30_000;

/**
 * Skips the kernel's tests of its ciphers, a quarter of its boot. tsc=reliable: otherwise the kernel checks
 * the TSC against another clock, and switches to that one, many times slower to read, if an emulated machine
 * was kept waiting.
 */
const LINUX = 'quiet mitigations=off cryptomgr.notests initcall_blacklist=crypto_kdf108_init tsc=reliable';

/** Passed in rather than measured at boot, which a busy host would distort. */
function linux({ tscKhz }: BoxSite): string {
  return tscKhz === undefined ? LINUX : `${LINUX} tsc_early_khz=${tscKhz}`;
}

/** The parts of it that determine a box. */
export type BoxSite = Pick<BootSite, 'images' | 'accelerator' | 'emulator' | 'hosts' | 'tscKhz'>;

/** The boxes of a lab, in the order in which they are started. */
export function boxesOf(site: BoxSite, layout: LabLayout): Box[] {
  return [
    ...(layout.bare ? [bareBox(site)] : []),
    ...(layout.guests.length > 0 ? [xenBox(site, layout)] : []),
  ];
}

function portOf({ hosts }: BoxSite, alias: string): number {
  return hosts.find((host) => host.alias === alias)?.port ?? 0;
}

function bareBox(site: BoxSite): Box {
  const { images, accelerator, emulator } = site;
  const append = `console=ttyS0 ${linux(site)} lab.name=bare`;
  return {
    name: 'bare',
    alias: 'lab-bare',
    accelerator,
    emulator,
    // A CPU for the boot alone: see init-bare.
    cpus: 2,
    iommu: false,
    memoryMb: BARE_MEMORY_MB,
    boot: ['-kernel', images.kernel, '-initrd', images.bare, '-append', append],
    forwards: [{ port: portOf(site, 'lab-bare'), address: BOX_ADDRESS }],
  };
}

/** dom0's resources are fixed, so that it can't affect the guests' figures; no speculation defences. */
const XEN_ARGUMENTS =
  `dom0_mem=${DOM0_MEMORY_MB}M,max:${DOM0_MEMORY_MB}M dom0_max_vcpus=1 dom0_vcpus_pin console=com1 com1=115200 ` +
  'loglvl=error guest_loglvl=error no-real-mode spec-ctrl=no xpti=no pv-l1tf=off smt=off';

function xenBox(site: BoxSite, { guests: names, guestCpus, pci }: LabLayout): Box {
  const { images, accelerator, emulator } = site;
  const dom0 = `console=hvc0 ${linux(site)} lab.name=dom0 lab.guest-memory=${GUEST_MEMORY_MB} lab.guest-cpus=${guestCpus}${pci ? ' lab.pci=1' : ''}`;
  const guests = names.map((name) => ({
    port: portOf(site, `lab-${name}`),
    address: guestAddress(name),
  }));
  const memoryMb = XEN_MEMORY_MB + DOM0_MEMORY_MB + names.length * (GUEST_MEMORY_MB + 24);
  return {
    name: 'xen',
    alias: 'lab-dom0',
    accelerator,
    emulator,
    cpus: 1 + guestCpus,
    iommu: pci,
    memoryMb: pci ? Math.max(memoryMb, IOMMU_MEMORY_MB) : memoryMb,
    boot: [
      '-kernel',
      images.xen,
      '-initrd',
      `${images.kernel} ${dom0},${images.dom0}`,
      '-append',
      XEN_ARGUMENTS,
    ],
    forwards: [{ port: portOf(site, 'lab-dom0'), address: BOX_ADDRESS }, ...guests],
  };
}

/** The state from which a box continues. */
export interface Saved {
  file: string;
  /** Rejects if the file is not what was written. */
  whole: Promise<void>;
}

/** Boots it, or lets it continue from its saved state. */
export async function startMachine(site: BootSite, box: Box, saved?: Saved): Promise<Booted> {
  const { paths, signal } = site;
  const began = performance.now();
  const machine = await startBox(box, paths, site.native, site.started, saved?.file);
  const sockets = boxSockets(paths, box.name);
  const line = saved === undefined ? await openWakeLine(sockets.line) : undefined;
  const wait: WaitFor = {
    alias: box.alias,
    sshConfig: site.sshConfig,
    machine,
    consoleLog: consoleLog(paths, box.name),
    machineLog: machineLog(paths, box.name),
    deadlineMs: saved === undefined ? BOOT_DEADLINE_MS : RESTORE_DEADLINE_MS,
    signal,
  };
  return {
    box,
    answers: async () => {
      const awake = line?.awake() ?? goOn(sockets, signal, saved?.whole);
      const clock = await waiting(wait, 'said that it is awake', awake).finally(line?.close);
      await waitForSsh(wait);
      site.report(`${saved === undefined ? 'boot' : 'restore'} ${box.alias}`, performance.now() - began);
      return clock;
    },
  };
}
