/** Brings the lab up: fetch, build, boot, wait. Whatever fails or is interrupted on the way is taken down again. */
import { findAccelerator } from './accelerator.ts';
import { bootBare, bootXen, type Booted, type BootSite } from './boot.ts';
import { gpuSocket } from './box.ts';
import { buildLab } from './build.ts';
import { labDown } from './down.ts';
import { fetchPackages } from './fetch.ts';
import { createGuests } from './guests.ts';
import { buildImages } from './images.ts';
import { ensureKeys } from './keys.ts';
import { LabError } from './lab-error.ts';
import { type LabLayout, layoutOf } from './layout.ts';
import { labPaths, type LabPaths } from './paths.ts';
import { freePorts } from './ports.ts';
import { isRunning, ownProcess } from './processes.ts';
import { knownHostsFile, sshConfigFile, writeSshConfig } from './ssh-config.ts';
import { type LabState, readState, writeState } from './state.ts';
import { type Report, step } from './step.ts';
import { ensureTools } from './tools.ts';

export interface LabOptions {
  /** Guests in the Xen box, 0 to 7; with 0 there is no Xen box. Default 5. */
  guests?: number;
  /** Whether there is a bare box. Default true. */
  bare?: boolean;
  /** Aborted: what was started is stopped, and labUp rejects. */
  signal?: AbortSignal;
  paths?: LabPaths;
}

export interface Lab {
  accelerator: 'kvm' | 'tcg';
  /** For `ssh -F`. */
  sshConfig: string;
  aliases: string[];
}

/** Returns the running lab; one that runs already with the same layout is left as it is. */
export async function labUp(report: Report, options: LabOptions = {}): Promise<Lab> {
  const paths = options.paths ?? labPaths();
  const layout = layoutOf(options.guests ?? 5, options.bare ?? true);
  const running = await findRunning(paths, layout);
  if (running !== undefined) {
    report('lab is up (cached)', 0);
    return describe(running, paths);
  }
  await labDown(report, paths);
  try {
    return await bringUp(report, options.signal, paths, layout);
  } catch (error) {
    await labDown(report, paths);
    throw error;
  }
}

/** A lab that is still being brought up by a living process is nobody else's to stop. */
async function findRunning(paths: LabPaths, layout: LabLayout): Promise<LabState | undefined> {
  const state = await readState(paths);
  if (state === undefined) return undefined;
  if (!state.ready) {
    if (!(await isRunning(state.owner))) return undefined;
    throw new LabError(
      'lab-running',
      `Process ${state.owner.pid} is bringing the lab up: wait for it, or end it.`,
    );
  }
  const alive = await Promise.all(state.processes.map(isRunning));
  const aliases = state.hosts.map(({ alias }) => alias).join();
  return alive.every(Boolean) && aliases === layout.aliases.join() ? state : undefined;
}

/** The state is written first: whatever follows can be taken down by it, and is nobody else's meanwhile. */
async function bringUp(
  report: Report,
  signal: AbortSignal | undefined,
  paths: LabPaths,
  layout: LabLayout,
): Promise<Lab> {
  const began = performance.now();
  const state: LabState = {
    version: 1,
    accelerator: null,
    owner: await ownProcess(),
    ready: false,
    processes: [],
    files: [gpuSocket(paths, 'bare'), gpuSocket(paths, 'xen'), sshConfigFile(paths), knownHostsFile(paths)],
    hosts: [],
    guests: layout.guests,
  };
  await writeState(paths, state);
  await ensureTools(report, signal);
  await fetchPackages(report, paths, signal);
  const native = await buildLab(report, paths, signal);
  const keys = await ensureKeys(paths);
  const images = await buildImages(report, paths, keys, native, signal);
  const accelerator = await step(report, 'probe the accelerator', () => findAccelerator(signal));
  signal?.throwIfAborted();
  const ports = await freePorts(layout.aliases.length);
  const hosts = layout.aliases.map((alias, index) => ({ alias, port: ports[index] ?? 0 }));
  const sshConfig = await writeSshConfig(paths, keys, hosts);
  Object.assign(state, { accelerator, hosts });
  await writeState(paths, state);

  const site: BootSite = { report, signal, paths, native, images, accelerator, hosts, sshConfig, started };
  async function started(process: LabState['processes'][number]): Promise<void> {
    state.processes.push(process);
    await writeState(paths, state);
  }
  const bare: Booted | undefined = layout.bare ? await bootBare(site) : undefined;
  signal?.throwIfAborted();
  const xen: Booted | undefined = layout.guests.length > 0 ? await bootXen(site, layout) : undefined;
  await bare?.answers();
  await xen?.answers();
  if (xen !== undefined) await createGuests(site, layout, xen);
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
