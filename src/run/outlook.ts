import { pilotOf } from '../compare/pilot.ts';
import type { Experiment } from '../experiment/schema.ts';
import { outlookOf } from '../plan/outlook.ts';
import { samplesPerTrial } from '../plan/repetition.ts';
import type { EarlierRun } from './earlier.ts';

/** What the run will be able to see, by what the blocks of an earlier run scattered. Plain data. */
export interface PlanOutlook {
  /** The directory of that earlier run; null where there is none. */
  run: string | null;
  blocks: number;
  margin: number;
  /** None where the earlier run has too few blocks. */
  cells: OutlookCell[];
}

interface OutlookCell {
  mode: string;
  workload: string;
  metric: string;
  /** Standard deviation of the blocks’ log ratios. */
  sd: number;
  /** What a block of it is worth as an independent one, a share: under 1 where those that follow each other are alike. */
  worth: number;
  /** What the rest reckons with: the limit that the sd is below with 80%, since few blocks don’t know it well. */
  sdLimit: number;
  /** The smallest difference called one with 80% power, a share; null where one block finds nothing. */
  detects: number | null;
  blocksForMargin: number;
  blocksForGate: number;
  /** How many a trial should have; null where any number serves. */
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
