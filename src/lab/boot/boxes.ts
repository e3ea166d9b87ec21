/** Boots the two boxes: bare Linux, and Xen with its dom0. */
import type { Images } from '../make/images.ts';
import type { LabPaths } from '../paths.ts';
import { type Report, step } from '../step.ts';
import type { Accelerator } from './accelerator.ts';
import { consoleLog, machineLog, startBox, type BoxProcess } from './box.ts';
import { BOX_ADDRESS, guestAddress, type LabLayout } from './layout.ts';
import type { SshHost } from './ssh-config.ts';
import { waitForSsh } from './wait.ts';

/** What booting needs to know, and whom it tells. */
export interface BootSite {
  report: Report;
  signal: AbortSignal | undefined;
  paths: LabPaths;
  native: string;
  images: Images;
  accelerator: Accelerator;
  hosts: SshHost[];
  sshConfig: string;
  started: (process: BoxProcess) => Promise<void>;
}

export interface Booted {
  machine: BoxProcess;
  /** Resolves once the box answers over SSH. */
  answers: () => Promise<void>;
}

const DOM0_MEMORY_MB = 512;
const GUEST_MEMORY_MB = 160;
const BARE_MEMORY_MB = 512;
const XEN_MEMORY_MB = 256;
const BOOT_DEADLINE_MS = 180_000;

function portOf(site: BootSite, alias: string): number {
  return site.hosts.find((host) => host.alias === alias)?.port ?? 0;
}

const LINUX = 'quiet mitigations=off';

export async function bootBare(site: BootSite): Promise<Booted> {
  const { images } = site;
  const append = `console=ttyS0 ${LINUX} lab.name=bare`;
  return boot(site, 'bare', 'lab-bare', {
    memoryMb: BARE_MEMORY_MB,
    boot: ['-kernel', images.kernel, '-initrd', images.bare, '-append', append],
    forwards: [{ port: portOf(site, 'lab-bare'), address: BOX_ADDRESS }],
  });
}

/** What dom0 costs is fixed, so that it can't grow into the guests' figures; no speculation defences. */
const XEN_ARGUMENTS =
  `dom0_mem=${DOM0_MEMORY_MB}M,max:${DOM0_MEMORY_MB}M dom0_max_vcpus=1 dom0_vcpus_pin console=com1 com1=115200 ` +
  'loglvl=error guest_loglvl=error no-real-mode spec-ctrl=no xpti=no pv-l1tf=off smt=off';

export async function bootXen(site: BootSite, layout: LabLayout): Promise<Booted> {
  const { images } = site;
  const dom0 = `console=hvc0 ${LINUX} lab.name=dom0 lab.guest-memory=${GUEST_MEMORY_MB}`;
  const guests = layout.guests.map((name, index) => ({
    port: portOf(site, `lab-${name}`),
    address: guestAddress(index),
  }));
  return boot(site, 'xen', 'lab-dom0', {
    memoryMb: XEN_MEMORY_MB + DOM0_MEMORY_MB + layout.guests.length * (GUEST_MEMORY_MB + 24),
    boot: [
      '-kernel',
      images.xen,
      '-initrd',
      `${images.kernel} ${dom0},${images.dom0}`,
      '-append',
      XEN_ARGUMENTS,
    ],
    forwards: [{ port: portOf(site, 'lab-dom0'), address: BOX_ADDRESS }, ...guests],
  });
}

type BoxBoot = Pick<Parameters<typeof startBox>[0], 'memoryMb' | 'boot' | 'forwards'>;

async function boot(site: BootSite, name: 'bare' | 'xen', alias: string, box: BoxBoot): Promise<Booted> {
  const { paths, accelerator } = site;
  const began = performance.now();
  const machine = await startBox({ name, accelerator, ...box }, paths, site.native, site.started);
  return {
    machine,
    answers: async () => {
      await waitForSsh({
        alias,
        sshConfig: site.sshConfig,
        machine,
        consoleLog: consoleLog(paths, name),
        machineLog: machineLog(paths, name),
        deadlineMs: BOOT_DEADLINE_MS,
        signal: site.signal,
      });
      site.report(`boot ${alias}`, performance.now() - began);
    },
  };
}

export async function reportStep<T>(site: BootSite, name: string, work: () => Promise<T>): Promise<T> {
  site.signal?.throwIfAborted();
  return step(site.report, name, work);
}
