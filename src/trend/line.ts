import { z } from 'zod';
import { leftOutSchema } from '../experiment/part.ts';
import { originSchema } from '../record/origin.ts';
import { betterSchema } from '../compare/comparison-schema.ts';

/** The version of a history's lines. */
export const HISTORY_FORMAT = 1;

/** The logarithm of any figure that a program may tell. */
const log = z.number().min(-240).max(240);
const digest = z.string().regex(/^[0-9a-f]{16}$/, { error: 'expected 16 hexadecimal digits' });

const cellSchema = z.object({
  mode: z.string(),
  workload: z.string(),
  metric: z.string(),
  unit: z.string(),
  better: betterSchema,
  kind: z
    .enum(['relative', 'raw'])
    .describe(
      'Performance relative to the mode’s baseline in the same run; of a baseline itself, its own figure.',
    ),
  mean: log.describe('Of the blocks’ logs, of performance: more is better, always.'),
  low: log.nullable().describe('The interval’s ends; null where the run has too few blocks for one.'),
  high: log.nullable(),
  n: z.int().min(1).describe('Blocks.'),
  open: log.min(0).optional().describe('How far the mean may be off by the step that figures come in.'),
  asked: digest.describe('Of the options of its mode, baseline and workload, and of warm-up and samples.'),
});

/** A run as a trend needs it: one line of a history. */
export const historyLineSchema = z.object({
  v: z.literal(HISTORY_FORMAT),
  run: digest.describe('Tells runs apart: of the run’s token.'),
  experiment: z.string(),
  started: z.iso.datetime(),
  ended: z.iso.datetime(),
  origin: originSchema.optional(),
  versions: z.record(z.string(), z.string()),
  environment: z
    .record(z.string(), digest)
    .describe('Of what each target told of itself, but its boot and the workloads’ programs.'),
  facts: z
    .record(z.string(), z.string())
    .describe('What of it may be under test, such as `guest1.kernel`: a trend may group runs by it.'),
  confidence: z.number().gt(0).lt(1),
  margin: z.number().gt(0).lt(1),
  whole: z.boolean().describe('Whether the run came to its end and lost no trial.'),
  leftOut: leftOutSchema.optional().describe('Of the experiment, where only a part of it was run.'),
  cells: z.array(cellSchema),
});

export type HistoryLine = z.output<typeof historyLineSchema>;
export type HistoryCell = HistoryLine['cells'][number];
