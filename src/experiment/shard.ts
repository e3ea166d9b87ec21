/** A part of a run's blocks that is run in its own place, in parallel with others, and merged with them. */
import { z } from 'zod';

export const shardSchema = z.object({
  /** From 1. */
  index: z.int().min(1),
  /** The number of shards. */
  of: z.int().min(1),
});

export type Shard = z.output<typeof shardSchema>;

/** The shard of a block: shard i of n has the whole blocks i, i + n, i + 2n and so on. */
export function shardOf(block: number, of: number): number {
  return ((block - 1) % of) + 1;
}

/** `2/4` */
export function shardName({ index, of }: Shard): string {
  return `${index}/${of}`;
}
