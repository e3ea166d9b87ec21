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
  .describe('The result of a probe, which has no metrics.');

/** The result of one guest in one sample: as many values of each metric as the program printed. */
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
        hypercalls: numbers.optional().describe('The hypercalls caused by the crossings.'),
        operations: z.number().optional().describe('How many of its workload’s operations it did.'),
        checksum: z
          .string()
          .optional()
          .describe('A checksum of what was computed, as reported by the program.'),
        clockShare: z
          .number()
          .optional()
          .describe('The share of the figure spent reading the clock, 0 to 1, as reported by the program.'),
        verdict: verdictSchema.optional(),
      }),
    )
    .min(1),
});
