import { percentage } from '../chart/spec.ts';
import { sameCell } from '../compare/cell-name.ts';
import type { Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { intervalWords } from '../words/interval.ts';

export const NODES_HEAD = [
  'mode',
  'workload',
  'metric',
  'node',
  'relative to baseline',
  'interval',
  'blocks',
];

/** Each node’s own figure for each compared cell, under NODES_HEAD. */
export function nodeRows({ nodes, comparisons }: Results): string[][] {
  if (nodes === undefined) return [];
  return comparisons.flatMap((cell) =>
    nodes.nodes.flatMap(({ name, ratios }) => {
      const own = ratios.find((one) => sameCell(one, cell));
      if (own === undefined) return [];
      const { ratio, low, high } = performance(own.ratio, own.low, own.high, cell.better);
      const share = ratio === null ? 'no pair' : percentage(ratio);
      const { mode, workload, metric } = cell;
      return [
        [mode, workload, metric, name, share, intervalWords(low, high, percentage), String(own.blocks)],
      ];
    }),
  );
}

/** The shards of the run, and what its intervals describe, in a sentence. */
export function nodesLine({ nodes }: Results): string[] {
  if (nodes === undefined) return [];
  const { shards, lost, unit, nodes: all } = nodes;
  const found = lost.length === 0 ? `${shards} shards` : `${shards - lost.length} of ${shards} shards`;
  const count = `${all.length} node${all.length === 1 ? '' : 's'}`;
  const about =
    unit === 'node'
      ? 'Its intervals count each node once, so they hold for nodes like these'
      : 'Its intervals count blocks, each of which ran on one node, so they hold for these nodes only';
  return [`Merged of ${found}, run on ${count}. ${about}.`];
}
