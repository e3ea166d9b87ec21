/** Runs that were merged from shards: the nodes they ran on, and the figures of each node. */
import { z } from 'zod';
import { shardName, shardOf } from '../experiment/shard.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import { summarise, tInterval } from '../statistics/interval.ts';
import { unitsOf, unitValue } from '../statistics/pairs.ts';
import type { BlockPair } from './block-logs.ts';
import { versionsIn } from './facts.ts';
import type { Cell, Results } from './results.ts';
import type { Warning } from './warning.ts';

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
        environment: z
          .array(z.object({ target: z.string(), fingerprint: z.record(z.string(), z.string()) }))
          .default([])
          .describe('Facts that its targets reported, from the last shard that reached them.'),
        ratios: z.array(nodeRatio).describe('The node’s own ratio for each compared cell.'),
      }),
    ),
  })
  .describe('The nodes of a run that was merged from shards; absent otherwise.');

type Shard = RunRecord['shards'][number];

interface Node {
  name: string;
  /** The machine's name. */
  machine: string;
  /** At least one. */
  shards: Shard[];
}

/**
 * A node is identified by its name and by the kernel, hypervisor, GPU and drivers of its targets: if one of these changed
 * between two shards, the shards before and after count as different nodes.
 */
function nodesIn({ shards }: Pick<RunRecord, 'shards'>): Node[] {
  const nodes: Node[] = [];
  for (const shard of shards) {
    const known = nodes.filter(({ machine }) => machine === shard.node);
    const same = known.find((one) => one.shards.every((other) => changesBetween(other, shard).length === 0));
    const name = known.length === 0 ? shard.node : `${shard.node} (${known.length + 1})`;
    if (same === undefined) nodes.push({ name, machine: shard.node, shards: [shard] });
    else same.shards.push(shard);
  }
  return nodes;
}

/** What changed about the targets that both shards reached. */
function changesBetween(one: Shard, other: Shard): string[] {
  return [...one.targets].flatMap(([target, before]) => {
    const after = other.targets.get(target);
    if (after === undefined) return [];
    const [was, is] = [new Map(versionsIn(before)), new Map(versionsIn(after))];
    return [...new Set([...was.keys(), ...is.keys()])]
      .filter((fact) => was.get(fact) !== is.get(fact))
      .map((fact) => `${target}’s ${fact} was ${was.get(fact) ?? 'none'} and is ${is.get(fact) ?? 'none'}`);
  });
}

/** The node of each block; undefined if its shard is missing, or if the run was not sharded. */
export function nodeOfBlock(record: Pick<RunRecord, 'shards'>): (block: number) => string | undefined {
  const [first] = record.shards;
  const nodes = new Map(
    nodesIn(record).flatMap(({ name, shards }) => shards.map(({ index }) => [index, name])),
  );
  return (block) => (first === undefined ? undefined : nodes.get(shardOf(block, first.of)));
}

/** Nodes that share a name but changed between shards. */
export function changedNodes({ shards, merged }: Pick<RunRecord, 'shards' | 'merged'>): Warning[] {
  if (merged === undefined) return [];
  const nodes = nodesIn({ shards });
  return nodes.flatMap(({ name, machine, shards: [shard] }) => {
    const before = nodes.find((one) => one.machine === machine)?.shards[0];
    if (name === machine || before === undefined || shard === undefined) return [];
    const text =
      `${machine} changed between its shards ${shardName(before)} and ${shardName(shard)}: ${changesBetween(before, shard).join('; ')}. ` +
      `They count as two nodes, ${machine} and ${name}. To make them one, run the shards of either again, and merge`;
    return [{ code: 'node-changed', text }];
  });
}

/** Each node’s figures for each cell, from its own blocks only. */
export function nodesOf(
  plan: Pick<Plan, 'shard'>,
  record: Pick<RunRecord, 'shards' | 'merged'>,
  paired: readonly { cell: Cell; pairs: readonly BlockPair[] }[],
  confidence: number,
): Pick<Results, 'nodes'> {
  const { merged } = record;
  if (merged === undefined || plan.shard !== undefined) return {};
  const nodeOf = nodeOfBlock(record);
  const nodes = nodesIn(record).map(({ name, shards }) => ({
    name,
    shards: shards.map(({ index }) => index),
    environment: [...new Map(shards.flatMap(({ targets }) => [...targets]))].map(([target, fingerprint]) => ({
      ...{ target, fingerprint },
    })),
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
