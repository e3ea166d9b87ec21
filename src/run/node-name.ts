import { hostname } from 'node:os';

/**
 * The machine that a shard is run from, as whoever gave it names it: VGPUBENCH_NODE where it is set, as in a pod, whose
 * own name is another each time; the node of a Slurm job; else the host’s name.
 */
export function nodeName(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env['VGPUBENCH_NODE'] || env['SLURMD_NODENAME'] || hostname();
}
