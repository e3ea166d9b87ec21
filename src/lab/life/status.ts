/** What runs of the lab, told from its processes and not only from what was written down. */
import { isRunning } from '../../process/process-id.ts';
import { type SshHost, sshConfigFile } from '../boot/ssh-config.ts';
import { labPaths } from '../paths.ts';
import { type LabState, readState } from './state.ts';
import { isInUse } from './use.ts';

export interface LabStatus {
  /** `up`: all runs; `starting`: someone is bringing it up; `broken`: some of it has ended. */
  state: 'down' | 'starting' | 'up' | 'broken';
  accelerator: LabState['accelerator'];
  /** For `ssh -F`; null while it is down. */
  sshConfig: string | null;
  hosts: SshHost[];
  /** Xen domain names. */
  guests: string[];
  processes: { name: string; pid: number; running: boolean }[];
}

export async function labStatus(paths = labPaths()): Promise<LabStatus> {
  const state = await readState(paths);
  if (state === undefined)
    return { state: 'down', accelerator: null, sshConfig: null, hosts: [], guests: [], processes: [] };
  const processes = state.processes.map((process) => ({
    name: process.name,
    pid: process.pid,
    running: isRunning(process),
  }));
  const { accelerator, hosts, guests } = state;
  return {
    state: wordFor(state, processes, isInUse(paths)),
    accelerator,
    sshConfig: sshConfigFile(paths),
    hosts,
    guests,
    processes,
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
