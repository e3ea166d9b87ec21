/** What runs of the lab, told from its processes and not only from what was written down. */
import { labPaths } from './paths.ts';
import { isRunning } from './processes.ts';
import { sshConfigFile } from './ssh-config.ts';
import { readState } from './state.ts';

export type LabStatus =
  | { state: 'down' }
  | {
      /** `up`: all runs; `starting`: someone is bringing it up; `broken`: some of it has ended. */
      state: 'up' | 'starting' | 'broken';
      accelerator: 'kvm' | 'tcg';
      sshConfig: string;
      hosts: { alias: string; port: number }[];
      processes: { name: string; pid: number; running: boolean }[];
    };

export async function labStatus(paths = labPaths()): Promise<LabStatus> {
  const state = await readState(paths);
  if (state === undefined) return { state: 'down' };
  const processes = await Promise.all(
    state.processes.map(async (process) => ({
      name: process.name,
      pid: process.pid,
      running: await isRunning(process),
    })),
  );
  const healthy = processes.every(({ running }) => running);
  const starting = !state.ready && (await isRunning(state.owner));
  return {
    state: starting ? 'starting' : state.ready && healthy ? 'up' : 'broken',
    accelerator: state.accelerator,
    sshConfig: sshConfigFile(paths),
    hosts: state.hosts,
    processes,
  };
}
