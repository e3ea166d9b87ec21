import { z } from 'zod';

export const estimateSchema = z
  .object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
  .describe('A figure and the ends of its interval, which are null if there are too few blocks.');

const costsByKindSchema = z.object({
  limit: estimateSchema.describe('Time ÷ baseline’s without any crossing.'),
  costs: z.array(
    z.object({
      kinds: z
        .array(z.string())
        .describe(
          'Kinds of crossings, or of pages mapped and unmapped, that these workloads can’t separate; if there are several, they share a cost.',
        ),
      costNs: estimateSchema.describe(
        'The time that each of them adds to the baseline’s, in ns; for several kinds, the mean over all of their crossings.',
      ),
    }),
  ),
  rare: z
    .array(z.string())
    .describe('Kinds that are under 1% of all crossings in every workload; not part of any cost.'),
  n: z.int().describe('Number of blocks, or boots, fitted.'),
});

export type CostsByKind = z.output<typeof costsByKindSchema>;

/** The overhead of a mode relative to the baseline’s time, as a function of work per crossing. */
export const overheadSchema = z.object({
  mode: z.string(),
  metric: z.string(),
  per: z
    .enum(['crossing', 'run'])
    .describe('What the work is divided by: crossings, or runs if the mode counted no crossings.'),
  points: z.array(
    z.object({
      workload: z.string(),
      workNs: z
        .number()
        .describe(
          'Work of a run: its time in the baseline, from the metric if that is a time, else from the program’s phases or the guest’s clock.',
        ),
      crossings: z.number().describe('Crossings per run in this mode, of all kinds.'),
      xNs: z
        .number()
        .nullable()
        .describe('Work per crossing, or per run: workNs ÷ crossings, or workNs; null without crossings.'),
      time: z.number().describe('Time ÷ baseline’s, so 1 means no overhead; for rates, baseline ÷ mode.'),
      low: z.number().nullable(),
      high: z.number().nullable(),
    }),
  ),
  fit: z
    .object({
      limit: estimateSchema.describe('Time ÷ baseline’s for large work.'),
      costNs: estimateSchema.describe(
        'The time that each crossing, or run, adds, in ns of the baseline’s machine.',
      ),
      n: z.int().describe('Number of blocks, or boots, fitted.'),
    })
    .nullable()
    .describe('time = limit + costNs ÷ xNs, by relative least squares in each block.'),
  byKind: costsByKindSchema
    .nullable()
    .default(null)
    .describe(
      'time = limit + Σ cost × count ÷ workNs, by relative least squares in each block; null if nothing was counted, the workloads are too similar, or the baseline has other crossings.',
    ),
  note: z.string().nullable().describe('Why there is no fit, or why it is not per crossing.'),
});
