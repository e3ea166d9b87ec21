import { z } from 'zod';

export const numbers = z.record(z.string(), z.number());

export const metricSchema = z.object({
  name: z.string(),
  unit: z.string(),
  better: z.enum(['higher', 'lower']),
  value: z.number(),
});

export const verdictSchema = z
  .object({ outcome: z.enum(['refused', 'allowed', 'not-applicable']), evidence: z.string() })
  .describe('What a probe found; it has no metrics.');

/** What one guest gave in one sample: as many values of each metric as the program printed. */
export const guestSampleSchema = z.object({
  target: z.string(),
  /** By the guest's clock, in ns. */
  durationNs: z.number().nullable(),
  readings: z
    .array(
      z.object({
        metrics: z.array(metricSchema),
        phases: numbers.default({}),
        crossings: numbers.default({}),
        hypercalls: numbers.optional().describe('What the crossings had the hypervisor do.'),
        operations: z.number().optional().describe('How many it did, of what its workload counts per.'),
        checksum: z.string().optional().describe('Of what was computed, as the program told it.'),
        clockShare: z
          .number()
          .optional()
          .describe('The share of the figure that reading the clock took, 0 to 1, as the program told it.'),
        verdict: verdictSchema.optional(),
      }),
    )
    .min(1),
});
