import { gateBlocksNeeded } from '../statistics/power.ts';
import { blocksForMargin, detectable, upperLimit } from '../statistics/verdict-power.ts';

/** What a design can see of one cell, by the spread that an earlier run met. */
export interface Outlook {
  /** What is reckoned with: the limit that the sd of the blocks’ log ratios is below with 80%, by the pilot. */
  sdLimit: number;
  /** The smallest difference, a share, that it calls one with 80% power. */
  detects: number;
  /** The blocks that tell no difference from one of twice the margin, either with 80% power. */
  blocksForMargin: number;
  /** The blocks from which on a gate finds a slowdown of twice the margin in 95% of cases. */
  blocksForGate: number;
}

/** What an earlier run met: the standard deviation of its blocks’ log ratios, and how many independent blocks it is of. */
export interface Spread {
  sd: number;
  /** Infinity where the sd is known. */
  blocks: number;
  /** What a block is worth as an independent one, a share; default 1. */
  worth?: number;
}

export interface Design {
  blocks: number;
  margin: number;
  confidence: number;
}

/** @param cells how many comparisons share a gate’s error rate */
export function outlookOf(pilot: Spread, { blocks, margin, confidence }: Design, cells: number): Outlook {
  const { worth = 1 } = pilot;
  const sdLimit = upperLimit(pilot.sd, pilot.blocks);
  const plan = { sd: sdLimit, margin, confidence };
  // All of it is reckoned in independent blocks.
  const inBlocks = (independent: number) => Math.ceil(independent / worth);
  return {
    sdLimit,
    detects: blocks < 2 ? Infinity : detectable(Math.max(2, Math.floor(worth * blocks)), plan),
    blocksForMargin: inBlocks(blocksForMargin(plan)),
    blocksForGate: inBlocks(gateBlocksNeeded(2 * margin, margin, sdLimit, cells)),
  };
}
