import { blocksNeeded, detectable, gateBlocksNeeded } from '../statistics/power.ts';

/** What a design can see of one cell, by the spread that an earlier run met. */
export interface Outlook {
  /** The smallest difference, a share, that it finds with 80% power. */
  detects: number;
  /** The blocks that find a difference as large as the margin with 80% power. */
  blocksForMargin: number;
  /** The blocks from which on a gate finds a slowdown of twice the margin in 95% of cases. */
  blocksForGate: number;
}

/** @param sd of the blocks’ log ratios; `cells` is how many comparisons share a gate’s error rate. */
export function outlookOf(sd: number, blocks: number, margin: number, cells: number): Outlook {
  return {
    detects: blocks < 2 ? Infinity : detectable(blocks, sd),
    blocksForMargin: blocksNeeded(margin, sd),
    blocksForGate: gateBlocksNeeded(2 * margin, margin, sd, cells),
  };
}
