import { hostname } from 'node:os';

/**
 * The name of the machine from which a shard is run: VGPUBENCH_NODE if set, as in a pod, whose own name
 * changes each time; the node of a Slurm job; else the host’s name.
 */
export function nodeName(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env['VGPUBENCH_NODE'] || env['SLURMD_NODENAME'] || hostname();
}
