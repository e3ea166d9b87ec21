import { z } from 'zod';
import { leftOutSchema } from '../experiment/part.ts';
import { originSchema } from '../record/origin.ts';
import { betterSchema } from '../compare/comparison-schema.ts';

/** The version of a history's lines. */
export const HISTORY_FORMAT = 1;

/** The logarithm of any figure that a program may report. */
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
      'Performance relative to the mode’s baseline in the same run; for a baseline itself, its own figure.',
    ),
  mean: log.describe('Mean of the blocks’ logs of performance: more is always better.'),
  low: log
    .nullable()
    .describe('Lower end of the interval, low to high; null if the run has too few blocks for one.'),
  high: log.nullable(),
  n: z.int().min(1).describe('Blocks.'),
  open: log.min(0).optional().describe('How far off the mean may be because figures come in steps.'),
  asked: digest.describe(
    'Digest of the options of its mode, baseline and workload, and of warm-up and samples.',
  ),
});

/** A run as a trend needs it: one line of a history. */
export const historyLineSchema = z.object({
  v: z.literal(HISTORY_FORMAT),
  run: digest.describe('Identifies the run: a digest of the run’s token.'),
  experiment: z.string(),
  started: z.iso.datetime(),
  ended: z.iso.datetime(),
  origin: originSchema.optional(),
  versions: z.record(z.string(), z.string()),
  environment: z
    .record(z.string(), digest)
    .describe(
      'Digest of what each target reported about itself, except its boot and the workloads’ programs.',
    ),
  facts: z
    .record(z.string(), z.string())
    .describe('Facts that may be under test, such as `guest1.kernel`; a trend can group runs by them.'),
  confidence: z.number().gt(0).lt(1),
  margin: z.number().gt(0).lt(1),
  whole: z.boolean().describe('Whether the run finished and lost no trial.'),
  leftOut: leftOutSchema.optional().describe('What was left out, if only a part of the experiment was run.'),
  cells: z.array(cellSchema),
});

export type HistoryLine = z.output<typeof historyLineSchema>;
export type HistoryCell = HistoryLine['cells'][number];
