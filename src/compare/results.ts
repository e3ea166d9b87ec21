import { z } from 'zod';
import { leftOutSchema } from '../experiment/part.ts';
import { shardSchema } from '../experiment/shard.ts';
import { nodesSchema } from './nodes.ts';
import { machinesBeside } from './recovery.ts';
import { outcomeSchema } from '../record/event.ts';
import { originSchema } from '../record/origin.ts';
import { betterSchema, comparisonSchema, tickSchema } from './comparison-schema.ts';
import { isolationSchema } from './isolation.ts';
import { cpuCostSchema } from './cpu-cost.ts';
import { energyCostSchema } from './energy-cost.ts';
import { tailSchema } from './tails.ts';
import { specificationSchema } from './specification.ts';
import { warningSchema } from './warning.ts';
import { hardwareCostsRecord, modelledSchema } from './modelled.ts';
import { optionPairSchema } from './option-pairs.ts';
import { estimateSchema, overheadSchema } from './overhead-schema.ts';

/** The version of results.json. Format 1 had nothing that format 2 has not, and is read as it is. */
export const RESULTS_FORMAT = 2;

const numbers = z.record(z.string(), z.number());
const suite = z.object({
  mode: z.string(),
  ratio: z
    .number()
    .describe(
      'Relative performance, above 1 is better: the geometric mean over the cells, in blocks all have.',
    ),
  low: z.number().nullable(),
  high: z.number().nullable(),
  confidence: z.number(),
  cells: z.int(),
  blocks: z.int(),
  leftOut: z.array(z.int()).describe('Blocks that some cell lacks.'),
});

const sharing = z.object({
  family: z.string().describe('The first mode of those that differ in their guests alone.'),
  mode: z.string(),
  workload: z.string(),
  metric: z.string(),
  guests: z.int(),
  unit: z.string().describe('Of throughput: runs/s, or the metric’s own unit where more of it is better.'),
  trials: z.int(),
  throughput: estimateSchema.describe(
    'Higher is better. All guests’ work ÷ the window from their common start to the last one’s end, in a trial; geometric mean over trials.',
  ),
  scaling: estimateSchema
    .extend({ against: z.string() })
    .nullable()
    .describe('Throughput ÷ that of the family’s mode on the fewest guests, paired by block.'),
  fairness: estimateSchema.describe(
    'Jain’s index of the guests’ own throughputs in a trial, 1 is even; mean over trials.',
  ),
  perGuest: z.array(
    z.object({
      target: z.string(),
      throughput: z.number().describe('Its work ÷ its own time.'),
      share: z.number().describe('Of the sum of the guests’ own throughputs.'),
      slowdown: z.number().describe('A guest’s throughput in the mode on the fewest guests ÷ its own.'),
    }),
  ),
});

const falsePositives = z
  .object({
    modes: z.array(z.string()).describe('The A/A arms: each its baseline under another name.'),
    comparisons: z.int(),
    slower: z.int(),
    faster: z.int(),
    missed: z
      .int()
      .describe('Intervals that don’t hold 1, whatever the margin; 1 - confidence is to be expected.'),
    rate: z.number().describe('(slower + faster) ÷ comparisons.'),
    low: z.number(),
    high: z.number().describe('Wilson’s interval of the rate.'),
    confidence: z.number(),
  })
  .nullable()
  .describe('The harness’s own errors, by its A/A arms; null without one.');

const warmth = z.object({
  mode: z.string(),
  workload: z.string(),
  metric: z.string(),
  iterations: z.int().describe('Runs of the workload in its typical trial, warm-ups included.'),
  warmup: z.int().describe('How many of them are in no figure.'),
  kind: z.enum(['flat', 'warm-up', 'slowdown', 'no steady state', 'too short to tell']),
  steadyFrom: z.int().nullable().describe('The run, from 0, from which on nothing changes.'),
  change: z.number().nullable().describe('Of the speed at the last change, as a share.'),
  coldStart: z
    .number()
    .nullable()
    .describe(
      'Relative performance of the first warm-up run against the trial’s samples; null without warm-up.',
    ),
});

const cell = z.object({
  mode: z.string(),
  workload: z.string(),
  metric: z.string(),
  unit: z.string(),
  better: betterSchema,
  tick: tickSchema.optional(),
  phases: numbers,
  trials: z.array(
    z.object({
      trial: z.string(),
      block: z.int(),
      wall: z.string().describe('When it started, ISO 8601.'),
      boot: z
        .string()
        .nullable()
        .describe('The boots its targets were in for this block; null where some target does not tell.'),
      values: z
        .array(z.number())
        .describe('Its samples in order; over several guests the sum where higher is better, else the mean.'),
      guests: z
        .record(z.string(), z.array(z.number()))
        .describe('The samples of each guest, where there are several.'),
    }),
  ),
});

const attestation = z.object({
  block: z.int(),
  mode: z.string(),
  when: z.enum(['before', 'during', 'after']),
  trial: z.string().optional().describe('The trial that ran meanwhile, where it was.'),
  ok: z.boolean(),
  findings: z.array(
    z.object({ target: z.string(), claim: z.string(), ok: z.boolean(), evidence: z.string() }),
  ),
});

export const resultsSchema = z
  .object({
    format: z.literal(RESULTS_FORMAT),
    name: z.string(),
    seed: z.number(),
    baseline: z.string().describe('The experiment’s; a mode’s own is in its comparisons.'),
    margin: z.number().describe('Differences within it count as the same; a share.'),
    confidence: z.number(),
    specification: specificationSchema,
    origin: originSchema.optional().describe('What the run was made from; absent where nothing is known.'),
    versions: z.record(z.string(), z.string()).describe('Of the harness and what it runs on.'),
    started: z.string().nullable(),
    ended: z.string().nullable(),
    endReason: z.string().nullable().describe('Why the last session ended; null where it was killed.'),
    leftOut: leftOutSchema
      .optional()
      .describe('Of the experiment, where only a part of it was to be run; absent where all of it was.'),
    shard: shardSchema.optional().describe('Where only some of the blocks were to be run here.'),
    nodes: nodesSchema.optional(),
    trials: z.object({
      planned: z.int(),
      completed: z.int(),
      failed: z.int(),
      'timed-out': z.int(),
      void: z.int(),
      pending: z.int().describe('Not run, or interrupted.'),
      skipped: z.int().optional().describe('Of modes that were given up; absent where there are none.'),
    }),
    comparisons: z.array(comparisonSchema),
    suites: z.array(suite).describe('A figure for each mode over all its cells.'),
    isolation: z.array(isolationSchema).default([]).describe('A verdict for each mode and probe; no ratio.'),
    pairs: z.array(optionPairSchema).default([]).describe('What an option of a mode is worth.'),
    overheads: z
      .array(overheadSchema)
      .describe('Overhead against work per crossing, where a mode has three workloads or more.'),
    modelled: z
      .array(modelledSchema)
      .default([])
      .describe('What the counts come to on hardware, by workload; empty where nothing is known of costs.'),
    hardwareCosts: hardwareCostsRecord,
    sharing: z.array(sharing).describe('Scaling and fairness, where a mode has several guests.'),
    cpuCosts: z.array(cpuCostSchema).optional().describe('Absent where no trial tells.'),
    energyCosts: z.array(energyCostSchema).optional().describe('Absent where no target has a counter.'),
    tails: z.array(tailSchema).optional().describe('Absent where no cell has samples enough.'),
    falsePositives,
    warmth: z.array(warmth).describe('How each cell’s trials get warm.'),
    warnings: z
      .array(warningSchema)
      .describe(
        'What the data themselves give reason to doubt: of figures, and of results (checksum-differs, checksum-varies).',
      ),
    cells: z.array(cell),
    unsuccessful: z.array(
      z.object({
        trial: z.string(),
        block: z.int().optional().describe('Absent in results of former versions.'),
        mode: z.string(),
        workload: z.string(),
        outcome: outcomeSchema,
      }),
    ),
    incidents: z.array(
      z.object({
        wall: z.string(),
        kind: z.string(),
        target: z.string().nullable(),
        trial: z.string().nullable(),
        text: z.string(),
      }),
    ),
    ...machinesBeside,
    attestations: z.array(attestation),
    environment: z.array(
      z.object({
        target: z.string(),
        shell: z.string(),
        clock: z.object({ source: z.string(), tickNs: z.number(), monotonic: z.boolean() }),
        fingerprint: z.record(z.string(), z.string()),
      }),
    ),
    noise: z.array(
      z.object({
        block: z.int(),
        mode: z.string(),
        target: z.string(),
        load1: z.number(),
        stealShare: z.number(),
        throttled: z.number().nullable(),
      }),
    ),
    counters: z.array(z.object({ block: z.int(), mode: z.string(), target: z.string(), counters: numbers })),
  })
  .describe('What a run found: derived from its journal, and the same bytes each time.');

export type Results = z.output<typeof resultsSchema>;
export type Comparison = Results['comparisons'][number];
export type Isolation = Results['isolation'][number];
export type Cell = Results['cells'][number];

/** The JSON Schema of results.json. */
export function resultsJsonSchema(): object {
  return z.toJSONSchema(resultsSchema);
}
