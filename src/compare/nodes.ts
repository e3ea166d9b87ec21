/** Runs that were merged from shards: the nodes they ran on, and the figures of each node. */
import { z } from 'zod';
import { shardOf } from '../experiment/shard.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import { summarise, tInterval } from '../statistics/interval.ts';
import { unitsOf, unitValue } from '../statistics/pairs.ts';
import type { BlockPair } from './block-logs.ts';
import type { Cell, Results } from './results.ts';

const nodeRatio = z.object({
  mode: z.string(),
  workload: z.string(),
  metric: z.string(),
  ratio: z.number().describe('Mode ÷ baseline of the metric itself: geometric mean over the node’s blocks.'),
  low: z.number().nullable(),
  high: z.number().nullable().describe('The ends of its t interval; null with fewer than two blocks.'),
  blocks: z.int(),
});

export const nodesSchema = z
  .object({
    unit: z.enum(['block', 'node']).describe('The unit that the run’s intervals treat as independent.'),
    shards: z.int().describe('How many shards the run has when complete.'),
    lost: z.array(z.int()).describe('Shards that are missing.'),
    nodes: z.array(
      z.object({
        name: z.string(),
        shards: z.array(z.int()),
        ratios: z.array(nodeRatio).describe('The node’s own ratios, for the compared cells.'),
      }),
    ),
  })
  .describe('The nodes of a run that was merged from shards; absent otherwise.');

/** The node of each block; undefined if its shard is missing, or if the run is not a merged one. */
export function nodeOfBlock({ shards }: Pick<RunRecord, 'shards'>): (block: number) => string | undefined {
  const [first] = shards;
  const nodes = new Map(shards.map(({ index, node }) => [index, node]));
  return (block) => (first === undefined ? undefined : nodes.get(shardOf(block, first.of)));
}

/** The figures of each node for each cell, from its own blocks alone. */
export function nodesOf(
  plan: Pick<Plan, 'shard'>,
  record: Pick<RunRecord, 'shards' | 'merged'>,
  paired: readonly { cell: Cell; pairs: readonly BlockPair[] }[],
  confidence: number,
): Pick<Results, 'nodes'> {
  const { merged, shards } = record;
  if (merged === undefined || plan.shard !== undefined) return {};
  const nodeOf = nodeOfBlock(record);
  const names = [...new Set(shards.map(({ node }) => node))];
  const nodes = names.map((name) => ({
    name,
    shards: shards.filter(({ node }) => node === name).map(({ index }) => index),
    ratios: paired.flatMap(({ cell: { mode, workload, metric }, pairs }) => {
      const own = pairs.filter(({ block }) => nodeOf(block) === name);
      return own.length === 0
        ? []
        : [{ mode, workload, metric, ...ratioOf(own, confidence), blocks: own.length }];
    }),
  }));
  return { nodes: { unit: merged.unit, shards: merged.of, lost: merged.lost, nodes } };
}

/** For the few blocks on one node: the mean of their logs, and its t interval. */
function ratioOf(pairs: readonly BlockPair[], confidence: number) {
  const logs = unitsOf(pairs.map(({ mode, baseline }) => ({ mode, baseline }))).map(unitValue);
  const summary = summarise(logs);
  const { low, high } = tInterval(summary, confidence);
  const end = (log: number | null) => (log === null ? null : Math.exp(log));
  return { ratio: Math.exp(summary.mean), low: end(low), high: end(high) };
}
