import { z } from 'zod';

export const estimateSchema = z
  .object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
  .describe('A figure and the ends of its interval, null where there are too few blocks for one.');

const costsByKindSchema = z.object({
  limit: estimateSchema.describe('Time ÷ baseline’s where nothing crosses.'),
  costs: z.array(
    z.object({
      kinds: z
        .array(z.string())
        .describe(
          'Kinds of crossing, or of pages mapped and unmapped, that the workloads can’t tell apart: more than one share a cost.',
        ),
      costNs: estimateSchema.describe(
        'What each of them adds to the baseline’s time, in ns; of several kinds the mean over all of their crossings.',
      ),
    }),
  ),
  rare: z.array(z.string()).describe('Kinds under 1% of what crosses in every workload: in no cost.'),
  n: z.int().describe('Blocks, or boots, that were fitted.'),
});

export type CostsByKind = z.output<typeof costsByKindSchema>;

/** What a mode adds to the baseline’s time, against the work per crossing. */
export const overheadSchema = z.object({
  mode: z.string(),
  metric: z.string(),
  per: z
    .enum(['crossing', 'run'])
    .describe('What the work is divided by: crossings, or runs where the mode counted no crossing.'),
  points: z.array(
    z.object({
      workload: z.string(),
      workNs: z
        .number()
        .describe(
          'Work of a run: its time in the baseline, by the metric where it is one, else by the program’s phases or the guest’s clock.',
        ),
      crossings: z.number().describe('Crossings of a run in this mode, of all kinds.'),
      xNs: z
        .number()
        .nullable()
        .describe('Work per crossing, or per run: workNs ÷ crossings, or workNs; null without crossings.'),
      time: z.number().describe('Time ÷ baseline’s, so 1 is no overhead; of rates, baseline ÷ mode.'),
      low: z.number().nullable(),
      high: z.number().nullable(),
    }),
  ),
  fit: z
    .object({
      limit: estimateSchema.describe('Time ÷ baseline’s where work is large.'),
      costNs: estimateSchema.describe('What each crossing, or run, adds, in ns of the baseline’s machine.'),
      n: z.int().describe('Blocks, or boots, that were fitted.'),
    })
    .nullable()
    .describe('time = limit + costNs ÷ xNs, by relative least squares in each block.'),
  byKind: costsByKindSchema
    .nullable()
    .default(null)
    .describe(
      'time = limit + Σ cost × count ÷ workNs, by relative least squares in each block; null where nothing was counted, the workloads are too much alike, or the baseline crosses in another way.',
    ),
  note: z.string().nullable().describe('Why there is no fit, or why not by crossings.'),
});
