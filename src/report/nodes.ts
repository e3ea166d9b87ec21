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

/** The node that the run’s environment describes: that of the last shard. */
export function lastNode({ nodes }: Results): string | undefined {
  return nodes?.nodes.toSorted((a, b) => Math.max(...b.shards) - Math.max(...a.shards))[0]?.name;
}

/** Facts of targets in which the nodes differ: a row per fact, a column per node. Boot ids always differ, so they are left out. */
export function unlikeNodes({ nodes }: Results): { names: string[]; rows: string[][] } {
  const all = nodes?.nodes ?? [];
  const known = all.map(
    ({ environment }) =>
      new Map(
        environment.flatMap(({ target, fingerprint }) =>
          Object.entries(fingerprint)
            .filter(([fact]) => fact !== 'boot')
            .map(([fact, value]) => [`${target}: ${fact}`, value] as const),
        ),
      ),
  );
  const facts = [...new Set(known.flatMap((one) => [...one.keys()]))];
  const rows = facts.map((fact) => [fact, ...known.map((one) => one.get(fact) ?? '')]);
  return {
    names: all.map(({ name }) => name),
    rows: rows.filter(([, ...values]) => new Set(values).size > 1),
  };
}

/** The shards and nodes of the run, and what its intervals apply to. */
export function nodesLine({ nodes }: Results): string[] {
  if (nodes === undefined) return [];
  const { shards, lost, unit, nodes: all } = nodes;
  const found = lost.length === 0 ? `${shards} shards` : `${shards - lost.length} of ${shards} shards`;
  const count = `${all.length} node${all.length === 1 ? '' : 's'}`;
  const about =
    unit === 'node'
      ? 'Its intervals count each node once, so they apply to nodes like these.'
      : 'Its intervals count blocks, each of which ran on one node, so they apply to these nodes.';
  return [`Merged from ${found}, run on ${count}. ${about}`];
}
