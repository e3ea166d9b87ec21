import { z } from 'zod';

const numbers = z.record(z.string(), z.number());
export const betterSchema = z.enum(['higher', 'lower']);

const ends = z.object({ low: z.number().nullable(), high: z.number().nullable() });

export const tickSchema = z
  .object({
    step: z.number().describe('The step, in the metric’s unit.'),
    evidence: z
      .enum(['clock', 'steps'])
      .describe(
        'clock: the tick of the guest’s clock that measured the figure; steps: the smallest step between recorded values.',
      ),
    share: z.number().describe('Step ÷ the cell’s median, at most 0.5.'),
  })
  .describe('The step in which the figures come, if they scatter less than it; absent if they scatter more.');

/** A mode's cell compared with its baseline's. */
export const comparisonSchema = z.object({
  mode: z.string(),
  workload: z.string(),
  metric: z.string(),
  unit: z.string(),
  better: betterSchema.describe('Which direction of the metric is better.'),
  baseline: z.string().describe('The mode that this one is compared with.'),
  ratio: z
    .number()
    .nullable()
    .describe(
      'Mode ÷ baseline of the metric itself: geometric mean over the paired blocks. Null without a pair.',
    ),
  low: z.number().nullable(),
  high: z
    .number()
    .nullable()
    .describe('The ends of its interval. Null with fewer than two blocks, or boots.'),
  confidence: z.number(),
  n: z.int().describe('Samples of the mode that the ratio is based on.'),
  blocks: z.int().describe('Blocks in which both mode and baseline have a completed trial.'),
  boots: z
    .int()
    .nullable()
    .describe(
      'Number of boots these blocks ran in; if there are several, the interval is computed over boots instead of blocks. Null if unknown.',
    ),
  effectiveBlocks: z
    .number()
    .optional()
    .describe(
      'The equivalent number of independent blocks or boots, if consecutive ones are correlated. Absent if they are treated as independent.',
    ),
  verdict: z
    .enum(['same', 'faster', 'slower', 'inconclusive'])
    .describe('The interval (with fewer than ten blocks or boots, a wider one) compared with the margin.'),
  attested: z
    .boolean()
    .describe(
      'Every trial in it was attested, before and after, to have run in the mode; also false if the mode provides no evidence.',
    ),
  voided: z.int().describe('Trials of the mode that are void and excluded.'),
  p: z.number().nullable().describe('Two-sided p value for a mean paired log ratio of 0 (t test).'),
  adjustedP: z.number().nullable().describe('The same after Holm, over all comparisons of this file.'),
  phases: numbers.describe('Mean time of the program’s phases in this mode, in ns.'),
  crossings: numbers.describe('Mean boundary crossings per sample in this mode, by kind.'),
  hypercalls: numbers
    .default({})
    .describe('Hypercalls caused by those crossings, per sample: calls that map and unmap, and their pages.'),
  per: z
    .object({ name: z.string(), count: z.number() })
    .nullable()
    .default(null)
    .describe('The workload’s operation, and the number of operations per sample; null if not reported.'),
  intervals: z
    .object({ t: ends, studentised: ends.optional(), bootstrap: ends, hodgesLehmann: ends })
    .nullable()
    .describe(
      'The interval of the ratio by several methods: t of the logs and studentised bootstrap (low and high above are the outer ends of both), BCa bootstrap, Hodges-Lehmann. Null without a pair.',
    ),
  tick: z
    .object({
      mode: tickSchema.optional(),
      baseline: tickSchema.optional(),
      low: z.number(),
      high: z.number().describe('The narrowest possible interval, because each figure may be off by a step.'),
      decides: z.boolean().describe('Whether it determines low or high of the comparison.'),
    })
    .optional()
    .describe('The uncertainty due to the steps of mode and baseline; absent if neither matters.'),
  note: z.string().nullable().describe('Says if other methods disagree, or if there are too few blocks.'),
});
