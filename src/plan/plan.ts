import type { Experiment } from '../experiment/schema.ts';
import { Problem } from '../problem.ts';
import { workloadName } from '../workload/kind.ts';
import { derive, seeded } from '../statistics/prng.ts';

/** One invocation of one workload in one mode on one guest set, and its place in the order. */
export interface PlannedTrial {
  /** Readable and unique: `b03.pvdrm.mmul`. */
  id: string;
  /** From 1. */
  block: number;
  mode: string;
  workload: string;
  /** The targets that run it together. */
  targets: string[];
}

/** The whole order of a run, written down before its first trial. Pure data: no clock, no path. */
export interface Plan {
  format: 1;
  experiment: string;
  seed: number;
  baseline: string;
  blocks: number;
  /** Samples a trial, where `design.pilot` had an earlier run settle them. */
  samples?: number;
  trials: PlannedTrial[];
}

/** Each trial counts once for each target that runs it. What has more would need the memory before it has the time. */
const MOST_TRIALS = 500_000;

/**
 * Randomised complete blocks: each block holds every mode once, in an order of its own, and within a mode
 * every workload once, in an order of its own. Modes are the outer loop because entering one may cost a
 * reboot. Source: Montgomery, "Design and Analysis of Experiments", ch. 4.
 *
 * The same experiment and seed give the same plan, byte for byte.
 * @throws Problem where it would have too many trials.
 */
export function makePlan(experiment: Experiment, seed: number = experiment.design.seed): Plan {
  const { blocks, pilot, samples } = experiment.design;
  requireFewEnough(experiment);
  return {
    format: 1,
    experiment: experiment.name,
    seed,
    baseline: experiment.baseline,
    blocks,
    ...(pilot ? { samples } : {}),
    trials: Array.from({ length: blocks }, (_, index) =>
      blockTrials(experiment, seed, index + 1, blocks),
    ).flat(),
  };
}

function requireFewEnough({ name, design, modes, workloads }: Experiment): void {
  const guests = Object.values(modes).reduce((sum, { on }) => sum + on.length, 0);
  const trials = design.blocks * guests * workloads.length;
  if (trials <= MOST_TRIALS) return;
  const places = `${Object.keys(modes).length} modes on ${guests} targets in all`;
  throw new Problem({
    code: 'VGB-PLAN-SIZE',
    message: `${name} has too many trials for one run`,
    expected: `at most ${MOST_TRIALS}, each counted once for each of its targets`,
    found: `${design.blocks} blocks x ${places} x ${workloads.length} workloads = ${trials}`,
    next: 'fewer blocks (design.blocks), modes or workloads; or several experiments',
  });
}

function blockTrials(experiment: Experiment, seed: number, block: number, blocks: number): PlannedTrial[] {
  const modes = seeded(derive(seed, 'modes', block)).shuffle(Object.keys(experiment.modes));
  const label = `b${String(block).padStart(String(blocks).length, '0')}`;
  return modes.flatMap((mode) =>
    seeded(derive(seed, 'workloads', block, mode))
      .shuffle(experiment.workloads.map(workloadName))
      .map((workload) => ({
        id: `${label}.${mode}.${workload}`,
        block,
        mode,
        workload,
        targets: experiment.modes[mode]?.on ?? [],
      })),
  );
}

/** A stay in one mode within one block: its trials run between one prepare and one restore. */
export interface Visit {
  block: number;
  mode: string;
  trials: PlannedTrial[];
}

/** Cuts trials in plan order into visits. */
export function visits(trials: readonly PlannedTrial[]): Visit[] {
  const found: Visit[] = [];
  for (const trial of trials) {
    const last = found.at(-1);
    if (last?.block === trial.block && last.mode === trial.mode) last.trials.push(trial);
    else found.push({ block: trial.block, mode: trial.mode, trials: [trial] });
  }
  return found;
}
