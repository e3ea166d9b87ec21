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
    throttled: z.string().nullable().describe('What throttled its clock; empty if nothing did.'),
    level: z.string().nullable(),
    mostLevel: z.string().nullable(),
  })
  .describe('A GPU’s clocks and limits; null if its driver does not report them.');

/** The state of a machine with a GPU over a stay. */
export const machineStateShape = {
  block: z.number(),
  mode: z.string(),
  target: z.string(),
  before: z.array(gpuStateSchema),
  after: z.array(gpuStateSchema),
  spentS: z.number().describe('The time between the two readings, in s.'),
  domains: z
    .array(
      z.object({
        name: z.string(),
        cpuS: z.number(),
        pinned: z.string().describe('The CPUs that its virtual CPUs may run on.'),
      }),
    )
    .describe('For Xen: CPU time that each domain used in between, in s, and where it may run.'),
  faults: z.array(z.string()).describe('Messages of the kernel about GPU faults in between.'),
};
