/** Brings the lab up: fetch, build, boot, wait. Whatever fails or is interrupted is taken down again. */
import { isRunning } from '../../process/process-id.ts';
import { type Accelerator, bootUnder, findAccelerator, tinyKernelFile } from '../boot/accelerator.ts';
import { type LabLayout, layoutOf } from '../boot/layout.ts';
import { freePorts } from '../boot/ports.ts';
import { endProcess } from '../boot/processes.ts';
import { labSockets } from '../boot/sockets.ts';
import { knownHostsFile, sshConfigFile, writeSshConfig } from '../boot/ssh-config.ts';
import { buildLab } from '../make/build.ts';
import { ensureEmulator, SYSTEM_EMULATOR } from '../make/emulator.ts';
import { fetchPackages } from '../make/fetch.ts';
import { buildImages } from '../make/images.ts';
import { ensureKeys } from '../make/keys.ts';
import { ensureTools } from '../make/tools.ts';
import { labPaths, type LabPaths } from '../paths.ts';
import { type Report, step } from '../step.ts';
import { labDown } from './down.ts';
import { tscKhz } from './snapshot-key.ts';
import { startMachines } from './start.ts';
import { type LabState, readState, writeState } from './state.ts';
import { useLab } from './use.ts';

export interface LabOptions {
  /**
   * Minimum number of guests in the Xen box, 0 to 7; 0 needs no Xen box. Default: those that are up, or 5, or
   * none with p1.
   */
  guests?: number;
  /** Whether Xen must be able to pass the GPU through to the PV guest p1. Default false. */
  pci?: boolean;
  /** Whether there must be a bare box. Default true. */
  bare?: boolean;
  /** The source of Debian's packages: see `archives`. */
  mirror?: string | undefined;
  /** Boot even if there is a snapshot, or a running lab. Default false. */
  cold?: boolean;
  /** The host's cores, for virtual CPUs. Default: those that this process may use. */
  cores?: number | undefined;
  /** If aborted, everything started is stopped, and labUp rejects. */
  signal?: AbortSignal;
  paths?: LabPaths;
  /** Default: KVM if it really runs a tiny kernel, else TCG. */
  accelerator?: (folder: string, signal?: AbortSignal) => Promise<Accelerator>;
  /** The QEMU to use without KVM. Default: the system's if it is suitable, else Debian 12's. */
  emulator?: typeof ensureEmulator;
}

export interface Lab {
  accelerator: Accelerator;
  /** For `ssh -F`. */
  sshConfig: string;
  aliases: string[];
}

/**
 * Returns the running lab; one that has everything needed is left as it is, and one that lacks something is
 * booted again, including what it had before.
 * @throws Problem if another process brings it up or runs in it.
 */
export async function labUp(report: Report, options: LabOptions = {}): Promise<Lab> {
  const paths = options.paths ?? labPaths();
  const { guests, bare = true, pci = false, cold = false, cores } = options;
  const release = useLab(paths);
  try {
    const running = await findRunning(paths);
    const has = running?.hosts.map(({ alias }) => alias) ?? [];
    const least = layoutOf({ guests: guests ?? 0, bare, pci });
    const enough = least.aliases.every((alias) => has.includes(alias));
    if (running !== undefined && enough && !cold) {
      report('lab is up (cached)', 0);
      return describe(running, paths);
    }
    await labDown(report, paths);
    const others = running?.guests.filter((name) => !least.guests.includes(name)).length ?? 0;
    const layout = layoutOf({
      guests: Math.max(guests ?? (pci ? 0 : 5), others),
      bare: bare || has.includes('lab-bare'),
      ...{ pci: pci || has.includes('lab-p1'), cores },
    });
    return await bringUp(report, options, paths, layout).catch(async (error: unknown) => {
      await labDown(report, paths);
      throw error;
    });
  } finally {
    release();
  }
}

/** The state of a lab that is completely up. */
async function findRunning(paths: LabPaths): Promise<LabState | undefined> {
  const state = await readState(paths);
  return state?.ready === true && state.processes.every(isRunning) ? state : undefined;
}

/**
 * The state is written first: whatever follows can be taken down from it, and belongs to nobody else
 * meanwhile.
 */
async function bringUp(
  report: Report,
  {
    signal,
    mirror,
    cold = false,
    accelerator: find = findAccelerator,
    emulator: emulate = ensureEmulator,
  }: LabOptions,
  paths: LabPaths,
  layout: LabLayout,
): Promise<Lab> {
  const began = performance.now();
  const state: LabState = {
    version: 1,
    accelerator: null,
    ready: false,
    processes: [],
    files: [...labSockets(paths), sshConfigFile(paths), knownHostsFile(paths), tinyKernelFile(paths.run)],
    hosts: [],
    guests: layout.guests,
    guestCpus: layout.guestCpus,
  };
  await writeState(paths, state);
  await ensureTools(report, signal);
  await fetchPackages(report, { paths, signal, mirror });
  const native = await buildLab(report, paths, signal);
  const keys = await ensureKeys(paths);
  const images = await buildImages(report, { paths, keys, native }, signal);
  const found = await step(report, 'probe the accelerator', () => find(paths.run, signal));
  signal?.throwIfAborted();
  const ports = await freePorts(layout.aliases.length);
  const hosts = layout.aliases.map((alias, index) => ({ alias, port: ports[index] ?? 0 }));
  const sshConfig = await writeSshConfig(paths, keys, hosts);
  state.hosts = hosts;

  const khz = await tscKhz(native);
  const site = { report, signal, paths, native, images, hosts, sshConfig, started };
  async function started(process: LabState['processes'][number]): Promise<void> {
    state.processes.push(process);
    await writeState(paths, state);
  }
  async function under(accelerator: Accelerator): Promise<void> {
    state.accelerator = accelerator;
    await writeState(paths, state);
    const emulator =
      accelerator === 'tcg' ? await emulate(report, { paths, signal, mirror }) : SYSTEM_EMULATOR;
    const started = await startMachines({
      site: { ...site, accelerator, emulator, tscKhz: accelerator === 'tcg' ? khz : undefined },
      layout,
      cold,
      clear,
    });
    Object.assign(state, started);
  }
  async function clear(): Promise<void> {
    for (const process of [...state.processes].reverse()) await endProcess(process);
    state.processes = [];
  }
  await bootUnder(found, under, clear, report);
  state.ready = true;
  await writeState(paths, state);
  signal?.throwIfAborted();
  report('lab is up', performance.now() - began);
  return describe(state, paths);
}

function describe(state: LabState, paths: LabPaths): Lab {
  const aliases = state.hosts.map(({ alias }) => alias);
  return { accelerator: state.accelerator ?? 'tcg', sshConfig: sshConfigFile(paths), aliases };
}
