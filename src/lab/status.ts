/** What runs of the lab, told from its processes and not only from what was written down. */
import { labPaths } from './paths.ts';
import { isRunning } from './processes.ts';
import { type SshHost, sshConfigFile } from './ssh-config.ts';
import { type LabState, readState } from './state.ts';

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
  const processes = await Promise.all(
    state.processes.map(async (process) => ({
      name: process.name,
      pid: process.pid,
      running: await isRunning(process),
    })),
  );
  const { accelerator, hosts, guests } = state;
  return {
    state: await wordFor(state, processes),
    accelerator,
    sshConfig: sshConfigFile(paths),
    hosts,
    guests,
    processes,
  };
}

async function wordFor(
  state: LabState,
  processes: LabStatus['processes'],
): Promise<'starting' | 'up' | 'broken'> {
  if (!state.ready) return (await isRunning(state.owner)) ? 'starting' : 'broken';
  return processes.every(({ running }) => running) ? 'up' : 'broken';
}
