import { z } from 'zod';
import { bootKey } from '../experiment/boots.ts';
import type { Experiment } from '../experiment/schema.ts';
import { Problem } from '../problem.ts';
import { workloadName } from '../workload/kind.ts';
import { derive, seeded } from '../statistics/prng.ts';
import { type Part, isLeftOut, leftOutOf, leftOutSchema } from '../experiment/part.ts';
import { type Shard, shardName, shardOf, shardSchema } from '../experiment/shard.ts';

const plannedTrialSchema = z.object({
  /** Readable and unique: `b03.pvdrm.mmul`. */
  id: z.string(),
  /** From 1. */
  block: z.int().min(1),
  mode: z.string(),
  workload: z.string(),
  /** The targets that run it together. */
  targets: z.array(z.string()).min(1),
});

/** The whole order of a run, written before its first trial. Pure data: no clock, no path. */
export const planSchema = z.object({
  format: z.literal(1),
  experiment: z.string(),
  seed: z.int(),
  baseline: z.string(),
  blocks: z.int().min(1),
  /** Samples per trial, if `design.pilot` determined them from an earlier run. */
  samples: z.int().min(1).optional(),
  /** What was left out of the experiment, if anything. */
  leftOut: leftOutSchema.optional(),
  /** The shard, if only some of the blocks are to be run here; `blocks` is still the total. */
  shard: shardSchema.optional(),
  trials: z.array(plannedTrialSchema),
});

/** One invocation of one workload in one mode on one guest set, and its place in the order. */
export type PlannedTrial = z.output<typeof plannedTrialSchema>;
export type Plan = z.output<typeof planSchema>;

/**
 * Each trial counts once for each target that runs it. More trials would exhaust memory before they exhaust
 * time.
 */
const MOST_TRIALS = 500_000;

/**
 * Randomised complete blocks: each block holds every mode once, in its own random order, and within a mode
 * every workload once, in random order. Modes are the outer loop because entering one may cost a reboot. If
 * machines are booted in more than one way, a block is a split plot: its boots are in random order, and the
 * modes of each boot are together, in random order within it. Source: Montgomery, "Design and Analysis of
 * Experiments", ch. 4 and 14.
 *
 * The same experiment and seed give the same plan, byte for byte. A part of the experiment is run in the
 * order that it has in the whole.
 * @throws Problem if it would have too many trials, or can't be run in shards.
 */
export function makePlan(
  experiment: Experiment,
  seed: number = experiment.design.seed,
  part: Part = {},
): Plan {
  const { pilot, samples } = experiment.design;
  const { blocks = experiment.design.blocks } = part;
  const leftOut = leftOutOf(experiment, part);
  const { shard } = part;
  requireFewEnough(experiment, blocks);
  if (shard !== undefined) requireDivisible(experiment, blocks, shard);
  return {
    format: 1,
    experiment: experiment.name,
    seed,
    baseline: experiment.baseline,
    blocks,
    ...(pilot ? { samples } : {}),
    ...(leftOut === undefined ? {} : { leftOut }),
    ...(shard === undefined ? {} : { shard }),
    trials: Array.from({ length: blocks }, (_, index) => index + 1)
      .filter((block) => shard === undefined || shardOf(block, shard.of) === shard.index)
      .flatMap((block) => blockTrials(experiment, seed, block, blocks))
      .filter((trial) => !isLeftOut(leftOut, trial)),
  };
}

function requireFewEnough({ name, modes, workloads }: Experiment, blocks: number): void {
  const guests = Object.values(modes).reduce((sum, { on }) => sum + on.length, 0);
  const trials = blocks * guests * workloads.length;
  if (trials <= MOST_TRIALS) return;
  const places = `${Object.keys(modes).length} modes on ${guests} targets in all`;
  throw new Problem({
    code: 'VGB-PLAN-SIZE',
    message: `${name} has too many trials for one run`,
    expected: `at most ${MOST_TRIALS}, each counted once for each of its targets`,
    found: `${blocks} blocks x ${places} x ${workloads.length} workloads = ${trials}`,
    next: 'fewer blocks (design.blocks), modes or workloads; or several experiments',
  });
}

/** @throws Problem if a shard would have no block, or could not determine its blocks on its own. */
function requireDivisible({ name, design }: Experiment, blocks: number, shard: Shard): void {
  const wrong = (expected: string, found: string, next: string) =>
    new Problem({
      code: 'VGB-SHARD',
      message: `${name} can’t be run as shard ${shardName(shard)}`,
      ...{ expected, found, next },
    });
  if (shard.of > blocks)
    throw wrong(
      `at most ${blocks} shards, as many as it has blocks`,
      String(shard.of),
      'more blocks, or fewer shards',
    );
  if (design.precision !== undefined)
    throw wrong(
      'a design without precision, which needs the intervals of all blocks, while a shard has only some of them',
      `precision: ${Number((100 * design.precision).toPrecision(6))}%`,
      'set the number of blocks instead (design.blocks, --blocks); for advice: vgpubench plan FILE',
    );
  if (design.pilot)
    throw wrong(
      'a design without pilot, because each place would use its own earlier run',
      'pilot: true',
      'set the samples per trial instead (design.samples)',
    );
}

function blockTrials(experiment: Experiment, seed: number, block: number, blocks: number): PlannedTrial[] {
  const modes = modesInOrder(experiment, seed, block);
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

/** Modes that share a boot stay together; one that needs none is placed on its own. */
function modesInOrder(experiment: Experiment, seed: number, block: number): string[] {
  const groups = new Map<string, string[]>();
  for (const mode of Object.keys(experiment.modes)) {
    const boots = bootKey(mode, experiment);
    const key = boots === '' ? `mode ${mode}` : boots;
    groups.set(key, [...(groups.get(key) ?? []), mode]);
  }
  return seeded(derive(seed, 'modes', block))
    .shuffle([...groups.keys()])
    .flatMap((key) => seeded(derive(seed, 'boot', block, key)).shuffle(groups.get(key) ?? []));
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

/** What a plan contradicts in the experiment, in words; undefined if they match. */
export function misfitOf(plan: Plan, { name, modes, workloads }: Experiment): string | undefined {
  if (plan.experiment !== name) return `a plan of ${plan.experiment} beside the experiment ${name}`;
  if (!Object.hasOwn(modes, plan.baseline)) return `the baseline ${plan.baseline}, which is no mode`;
  const named = new Set(workloads.map(workloadName));
  const targets = new Map(Object.entries(modes).map(([mode, { on }]) => [mode, on.join(' ')]));
  const ids = new Set<string>();
  for (const trial of plan.trials) {
    const { id, block, mode, workload } = trial;
    if (ids.has(id)) return `trial ${id} twice`;
    ids.add(id);
    if (block > plan.blocks) return `trial ${id} in block ${block} of ${plan.blocks}`;
    if (targets.get(mode) !== trial.targets.join(' '))
      return `trial ${id}: mode ${mode} is not on these targets`;
    if (!named.has(workload)) return `trial ${id}: no workload ${workload}`;
  }
  return undefined;
}
