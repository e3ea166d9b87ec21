import { z } from 'zod';

/** Restarts of machines, as recorded in results. */
export const machineBootsSchema = z
  .array(
    z.object({
      wall: z.string(),
      machine: z.string(),
      boot: z.string(),
      block: z.int().describe('0 if it was needed to undo an earlier change.'),
      system: z.string(),
      ok: z.boolean(),
      tookMs: z.number(),
      output: z.string(),
    }),
  )
  .describe('Machines that were restarted between modes; absent if there are none.');

type MachineBoots = z.output<typeof machineBootsSchema>;

/** The restarts of one machine as one of its boots. */
export interface BootsOfOne {
  machine: string;
  boot: string;
  times: number;
  failed: number;
  /** Of those that came up, in ms; null if none did. */
  meanMs: number | null;
  system: string;
}

/** Restarts by machine and boot, in order of first occurrence. */
export function bootsByKind(boots: MachineBoots): BootsOfOne[] {
  const kinds = new Map<string, MachineBoots>();
  for (const one of boots) {
    const key = JSON.stringify([one.machine, one.boot]);
    kinds.set(key, [...(kinds.get(key) ?? []), one]);
  }
  return [...kinds.values()].map((all) => {
    const up = all.filter(({ ok }) => ok);
    const total = up.reduce((sum, { tookMs }) => sum + tookMs, 0);
    return {
      machine: all[0]?.machine ?? '',
      boot: all[0]?.boot ?? '',
      times: all.length,
      failed: all.length - up.length,
      meanMs: up.length === 0 ? null : total / up.length,
      system: up[0]?.system ?? '',
    };
  });
}
