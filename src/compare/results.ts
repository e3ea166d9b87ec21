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

/** The version of results.json. Format 1 is a subset of format 2, and can be read as such. */
export const RESULTS_FORMAT = 2;

const numbers = z.record(z.string(), z.number());
const suite = z.object({
  mode: z.string(),
  ratio: z
    .number()
    .describe(
      'Relative performance, above 1 is better: the geometric mean over the cells, in blocks that all of them have.',
    ),
  low: z.number().nullable(),
  high: z.number().nullable(),
  confidence: z.number(),
  cells: z.int(),
  blocks: z.int(),
  leftOut: z.array(z.int()).describe('Blocks that some cell lacks.'),
});

const sharing = z.object({
  family: z.string().describe('The first of the modes that differ only in their guests.'),
  mode: z.string(),
  workload: z.string(),
  metric: z.string(),
  guests: z.int(),
  unit: z.string().describe('The unit of throughput: runs/s, or the metric’s own unit if higher is better.'),
  trials: z.int(),
  throughput: estimateSchema.describe(
    'Higher is better. In a trial, all guests’ work ÷ the time from their common start to the end of the last one; geometric mean over trials.',
  ),
  scaling: estimateSchema
    .extend({ against: z.string() })
    .nullable()
    .describe('Throughput ÷ that of the family’s mode with the fewest guests, paired by block.'),
  fairness: estimateSchema.describe(
    'Jain’s index of the guests’ own throughputs in a trial, where 1 means equal shares; mean over trials.',
  ),
  perGuest: z.array(
    z.object({
      target: z.string(),
      throughput: z.number().describe('Its work ÷ its own time.'),
      share: z.number().describe('Share of the sum of the guests’ own throughputs.'),
      slowdown: z.number().describe('A guest’s throughput in the mode with the fewest guests ÷ its own.'),
    }),
  ),
});

const falsePositives = z
  .object({
    modes: z.array(z.string()).describe('The A/A arms: each is its baseline under another name.'),
    comparisons: z.int(),
    slower: z.int(),
    faster: z.int(),
    missed: z
      .int()
      .describe(
        'Intervals that don’t contain 1, whatever the margin; a share of 1 - confidence is expected.',
      ),
    rate: z.number().describe('(slower + faster) ÷ comparisons.'),
    low: z.number(),
    high: z.number().describe('Wilson’s interval of the rate.'),
    confidence: z.number(),
  })
  .nullable()
  .describe('The harness’s own error rate, from its A/A arms; null without one.');

const warmth = z.object({
  mode: z.string(),
  workload: z.string(),
  metric: z.string(),
  iterations: z.int().describe('Runs of the workload in its typical trial, including warm-ups.'),
  warmup: z.int().describe('How many of them are warm-ups and excluded.'),
  kind: z.enum(['flat', 'warm-up', 'slowdown', 'no steady state', 'too short to tell']),
  steadyFrom: z.int().nullable().describe('The run, counted from 0, after which nothing changes.'),
  change: z.number().nullable().describe('Change of speed at the last change point, as a share.'),
  coldStart: z
    .number()
    .nullable()
    .describe('Performance of the first warm-up run relative to the trial’s samples; null without warm-up.'),
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
        .describe(
          'The boots its targets were in for this block; null if some target does not report its boot.',
        ),
      values: z
        .array(z.number())
        .describe('Its samples in order; for several guests, the sum if higher is better, else the mean.'),
      guests: z
        .record(z.string(), z.array(z.number()))
        .describe('The samples of each guest, if there are several.'),
    }),
  ),
});

const attestation = z.object({
  block: z.int(),
  mode: z.string(),
  when: z.enum(['before', 'during', 'after']),
  trial: z.string().optional().describe('The trial that was running at the time, if any.'),
  ok: z.boolean(),
  findings: z.array(
    z.object({
      ...{ target: z.string(), claim: z.string(), ok: z.boolean(), evidence: z.string() },
      caveat: warningSchema.optional().describe('What it says against figures, though it holds.'),
    }),
  ),
});

export const resultsSchema = z
  .object({
    format: z.literal(RESULTS_FORMAT),
    name: z.string(),
    seed: z.number(),
    baseline: z.string().describe('The experiment’s baseline; a mode’s own is in its comparisons.'),
    margin: z.number().describe('Differences up to this share count as the same.'),
    confidence: z.number(),
    specification: specificationSchema,
    origin: originSchema.optional().describe('What the run measured; absent if nothing is known.'),
    versions: z
      .record(z.string(), z.string())
      .describe('Versions of the harness and of the software it runs on.'),
    started: z.string().nullable(),
    ended: z.string().nullable(),
    endReason: z.string().nullable().describe('Why the last session ended; null if it was killed.'),
    leftOut: leftOutSchema
      .optional()
      .describe('What was left out, if only a part of the experiment was to be run; absent otherwise.'),
    shard: shardSchema.optional().describe('The shard, if only some of the blocks were to be run here.'),
    nodes: nodesSchema.optional(),
    trials: z.object({
      planned: z.int(),
      completed: z.int(),
      failed: z.int(),
      'timed-out': z.int(),
      void: z.int(),
      pending: z.int().describe('Not run, or interrupted.'),
      skipped: z.int().optional().describe('Trials of modes that were given up; absent if there are none.'),
    }),
    comparisons: z.array(comparisonSchema),
    suites: z.array(suite).describe('One figure per mode, over all its cells.'),
    isolation: z.array(isolationSchema).default([]).describe('One verdict per mode and probe; no ratio.'),
    pairs: z.array(optionPairSchema).default([]).describe('The effect of an option of a mode.'),
    overheads: z
      .array(overheadSchema)
      .describe('Overhead versus work per crossing, for modes with three workloads or more.'),
    modelled: z
      .array(modelledSchema)
      .default([])
      .describe('Performance on hardware modelled from counts, by workload; empty if no costs are known.'),
    hardwareCosts: hardwareCostsRecord,
    sharing: z.array(sharing).describe('Scaling and fairness, for modes with several guests.'),
    cpuCosts: z
      .array(cpuCostSchema)
      .optional()
      .describe('CPU time per operation; absent if no trial reports it.'),
    energyCosts: z
      .array(energyCostSchema)
      .optional()
      .describe('Energy per operation; absent if no target has a counter.'),
    tails: z
      .array(tailSchema)
      .optional()
      .describe('Tails of latencies; absent if no cell has enough samples.'),
    falsePositives,
    warmth: z.array(warmth).describe('How each cell’s trials warm up.'),
    warnings: z
      .array(warningSchema)
      .describe(
        'Warnings derived from the data: about figures, and about computed results (checksum-differs, checksum-varies).',
      ),
    cells: z.array(cell),
    unsuccessful: z.array(
      z.object({
        trial: z.string(),
        block: z.int().optional().describe('Absent in results of earlier versions.'),
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
  .describe('The findings of a run: derived from its journal, and the same bytes each time.');

export type Results = z.output<typeof resultsSchema>;
export type Comparison = Results['comparisons'][number];
export type Isolation = Results['isolation'][number];
export type Cell = Results['cells'][number];

/** The JSON Schema of results.json. */
export function resultsJsonSchema(): object {
  return z.toJSONSchema(resultsSchema);
}
