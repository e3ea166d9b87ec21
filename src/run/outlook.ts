import { pilotOf } from '../compare/pilot.ts';
import type { Experiment } from '../experiment/schema.ts';
import { outlookOf } from '../plan/outlook.ts';
import { samplesPerTrial } from '../plan/repetition.ts';
import type { EarlierRun } from './earlier.ts';

/** What the run will be able to detect, given the scatter between blocks of an earlier run. Plain data. */
export interface PlanOutlook {
  /** The directory of that earlier run; null if there is none. */
  run: string | null;
  blocks: number;
  margin: number;
  /** Empty if the earlier run has too few blocks. */
  cells: OutlookCell[];
}

interface OutlookCell {
  mode: string;
  workload: string;
  metric: string;
  /** Standard deviation of the blocks’ log ratios. */
  sd: number;
  /**
   * The share of an independent block that each block is worth: below 1 if consecutive ones are correlated.
   */
  worth: number;
  /**
   * Used for everything below: the 80% upper confidence limit of the sd, because a few blocks estimate it
   * poorly.
   */
  sdLimit: number;
  /** The smallest difference detected with 80% power, a share; null if one block can't detect any. */
  detects: number | null;
  blocksForMargin: number;
  blocksForGate: number;
  /** The recommended number per trial; null if any number serves. */
  samplesPerTrial: number | null;
}

export function planOutlook(experiment: Experiment, earlier: EarlierRun | undefined): PlanOutlook {
  const { blocks, margin, confidence } = experiment.design;
  if (earlier === undefined) return { run: null, blocks, margin, cells: [] };
  const pilots = pilotOf(earlier.experiment, earlier.plan, earlier.record);
  const cells = pilots.map(({ mode, workload, metric, sd, spread, levels }) => {
    const { detects, ...needed } = outlookOf(spread, { blocks, margin, confidence }, pilots.length);
    return {
      ...{ mode, workload, metric, sd, worth: spread.worth ?? 1, ...needed },
      detects: Number.isFinite(detects) ? detects : null,
      samplesPerTrial: levels === undefined ? null : samplesPerTrial(levels),
    };
  });
  return { run: earlier.directory, blocks, margin, cells };
}
