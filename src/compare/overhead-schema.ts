import { z } from 'zod';

export const estimateSchema = z
  .object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
  .describe('A figure and the ends of its interval, null where there are too few blocks for one.');

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
  note: z.string().nullable().describe('Why there is no fit, or why not by crossings.'),
});
