import { z } from 'zod';

const numbers = z.record(z.string(), z.number());
export const betterSchema = z.enum(['higher', 'lower']);

const ends = z.object({ low: z.number().nullable(), high: z.number().nullable() });

export const tickSchema = z
  .object({
    step: z.number().describe('In the metric’s unit.'),
    evidence: z
      .enum(['clock', 'steps'])
      .describe(
        'The tick of the guest’s clock that the figure is a duration by; the smallest step between recorded values.',
      ),
    share: z.number().describe('Step ÷ the cell’s median, at most 0.5.'),
  })
  .describe('The step in which figures come that scatter less than it; absent where they scatter more.');

/** A mode's cell against its baseline's. */
export const comparisonSchema = z.object({
  mode: z.string(),
  workload: z.string(),
  metric: z.string(),
  unit: z.string(),
  better: betterSchema.describe('The direction of the metric.'),
  baseline: z.string().describe('The mode that this one is a ratio of.'),
  ratio: z
    .number()
    .nullable()
    .describe(
      'Mode ÷ baseline, of the metric itself: geometric mean over the paired blocks. Null without a pair.',
    ),
  low: z.number().nullable(),
  high: z
    .number()
    .nullable()
    .describe('The ends of its interval. Null with fewer than two blocks, or boots.'),
  confidence: z.number(),
  n: z.int().describe('Samples of the mode that the ratio rests on.'),
  blocks: z.int().describe('Blocks in which mode and baseline both have a completed trial.'),
  boots: z
    .int()
    .nullable()
    .describe(
      'Boots these blocks ran in: where there are several, the interval rests on them and not on blocks. Null where not known.',
    ),
  effectiveBlocks: z
    .number()
    .optional()
    .describe(
      'How many independent blocks, or boots, these are worth to the interval, where those that follow each other are alike. Absent where they pass for independent.',
    ),
  verdict: z
    .enum(['same', 'faster', 'slower', 'inconclusive'])
    .describe('The interval, below ten blocks or boots a wider one, against the margin.'),
  attested: z
    .boolean()
    .describe(
      'Every trial in it was proved, before and after, to have run in the mode; false also where the mode offers no evidence.',
    ),
  voided: z.int().describe('Trials of the mode that are void, in no figure.'),
  p: z.number().nullable().describe('Two-sided, of the paired log ratios being 0 (t test).'),
  adjustedP: z.number().nullable().describe('The same after Holm, over all comparisons of this file.'),
  phases: numbers.describe('Mean time of the program’s phases in this mode, in ns.'),
  crossings: numbers.describe('Mean boundary crossings per sample in this mode, by kind.'),
  hypercalls: numbers
    .default({})
    .describe(
      'What those crossings had the hypervisor do, per sample: calls that map and unmap, and their pages.',
    ),
  per: z
    .object({ name: z.string(), count: z.number() })
    .nullable()
    .default(null)
    .describe('The workload’s operation, and how many of them a sample stands for; null where not told.'),
  intervals: z
    .object({ t: ends, studentised: ends.optional(), bootstrap: ends, hodgesLehmann: ends })
    .nullable()
    .describe(
      'The same interval several ways, of the ratio: t of the logs and studentised bootstrap (low and high above are the further ends of both), BCa bootstrap, Hodges-Lehmann. Null without a pair.',
    ),
  tick: z
    .object({
      mode: tickSchema.optional(),
      baseline: tickSchema.optional(),
      low: z.number(),
      high: z
        .number()
        .describe('The narrowest that the interval may be, since each figure may be off by a step.'),
      decides: z.boolean().describe('Whether low or high of the comparison is from it.'),
    })
    .optional()
    .describe('What the steps of mode and baseline leave open; absent where neither matters.'),
  note: z.string().nullable().describe('Where other methods tell another tale, or blocks are too few.'),
});
