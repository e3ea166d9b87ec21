/** What of the lab is running, according to its processes and not only to what was recorded. */
import { isRunning } from '../../process/process-id.ts';
import type { Clocks } from '../boot/clocks.ts';
import { type SshHost, sshConfigFile } from '../boot/ssh-config.ts';
import { labPaths } from '../paths.ts';
import { type LabState, readState } from './state.ts';
import { userOf } from './use.ts';

export interface LabStatus {
  name: string;
  /** `up`: everything runs; `starting`: somebody is bringing it up; `broken`: some of it has ended. */
  state: 'down' | 'starting' | 'up' | 'broken';
  accelerator: LabState['accelerator'];
  /** Process ID of whoever brings it up, takes it down or runs in it. */
  usedBy: number | null;
  /** Key of the snapshot that it started from; null if it was booted, or is down. */
  snapshot: string | null;
  /** The clocks of its machines, as of when they were booted. */
  clocks: Clocks;
  /** For `ssh -F`; null while it is down. */
  sshConfig: string | null;
  hosts: SshHost[];
  /** Xen domain names. */
  guests: string[];
  /** Virtual CPUs for guests; if fewer than guests, they are shared. */
  guestCpus: number;
  processes: { name: string; pid: number; running: boolean }[];
}

export async function labStatus(paths = labPaths()): Promise<LabStatus> {
  const state = await readState(paths);
  const usedBy = userOf(paths);
  const running = (state?.processes ?? []).map((process) => ({
    name: process.name,
    pid: process.pid,
    running: isRunning(process),
  }));
  return {
    name: paths.name,
    state: state === undefined ? 'down' : wordFor(state, running, usedBy !== null),
    accelerator: state?.accelerator ?? null,
    usedBy,
    snapshot: state?.snapshot ?? null,
    clocks: state?.clocks ?? {},
    sshConfig: state === undefined ? null : sshConfigFile(paths),
    hosts: state?.hosts ?? [],
    guests: state?.guests ?? [],
    guestCpus: state?.guestCpus ?? 1,
    processes: running,
  };
}

function wordFor(
  { ready }: LabState,
  processes: LabStatus['processes'],
  inUse: boolean,
): 'starting' | 'up' | 'broken' {
  if (!ready) return inUse ? 'starting' : 'broken';
  return processes.every(({ running }) => running) ? 'up' : 'broken';
}
