import { gateBlocksNeeded } from '../statistics/power.ts';
import { blocksForMargin, detectable, upperLimit } from '../statistics/verdict-power.ts';

/** What a design can detect in one cell, given the scatter of an earlier run. */
export interface Outlook {
  /**
   * Used for everything below: the 80% upper confidence limit of the sd of the blocks’ log ratios, from the
   * pilot.
   */
  sdLimit: number;
  /** The smallest difference, a share, that it detects with 80% power. */
  detects: number;
  /** The number of blocks to distinguish no difference from one of twice the margin, each with 80% power. */
  blocksForMargin: number;
  /** The number of blocks from which a gate finds a slowdown of twice the margin in 95% of cases. */
  blocksForGate: number;
}

/**
 * The result of an earlier run: the standard deviation of its blocks’ log ratios, and its number of
 * independent blocks.
 */
export interface Spread {
  sd: number;
  /** Infinity if the sd is known. */
  blocks: number;
  /** The share of an independent block that a block is worth; default 1. */
  worth?: number;
}

export interface Design {
  blocks: number;
  margin: number;
  confidence: number;
}

/** @param cells the number of comparisons that share a gate’s error rate */
export function outlookOf(pilot: Spread, { blocks, margin, confidence }: Design, cells: number): Outlook {
  const { worth = 1 } = pilot;
  const sdLimit = upperLimit(pilot.sd, pilot.blocks);
  const plan = { sd: sdLimit, margin, confidence };
  // Everything is computed in independent blocks.
  const inBlocks = (independent: number) => Math.ceil(independent / worth);
  return {
    sdLimit,
    detects: blocks < 2 ? Infinity : detectable(Math.max(2, Math.floor(worth * blocks)), plan),
    blocksForMargin: inBlocks(blocksForMargin(plan)),
    blocksForGate: inBlocks(gateBlocksNeeded(2 * margin, margin, sdLimit, cells)),
  };
}
