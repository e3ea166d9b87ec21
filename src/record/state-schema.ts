import { z } from 'zod';

const known = z.number().nullable();

const gpuStateSchema = z
  .object({
    device: z.string(),
    clockMhz: known,
    mostMhz: known,
    memoryMhz: known,
    celsius: known,
    watts: known,
    lanes: known,
    mostLanes: known,
    link: z.string().nullable(),
    mostLink: z.string().nullable(),
    throttled: z.string().nullable().describe('What held its clock back; empty where nothing did.'),
    level: z.string().nullable(),
    mostLevel: z.string().nullable(),
  })
  .describe('A GPU’s clocks and limits; null where its driver does not tell.');

/** What a machine with a GPU was like over a stay. */
export const machineStateShape = {
  block: z.number(),
  mode: z.string(),
  target: z.string(),
  before: z.array(gpuStateSchema),
  after: z.array(gpuStateSchema),
  spentS: z.number().describe('How long it was between the two readings, in s.'),
  domains: z
    .array(
      z.object({
        name: z.string(),
        cpuS: z.number(),
        pinned: z.string().describe('The CPUs that its virtual ones may run on.'),
      }),
    )
    .describe('Of Xen: CPU time that each used meanwhile, in s, and where it may run.'),
  faults: z.array(z.string()).describe('What the kernel told of a GPU’s faults meanwhile.'),
};
