/** Whether runs are shards of one run: what each was to do, and where one differs from the first. */
import type { Experiment } from '../experiment/schema.ts';
import { partOfPlan } from '../experiment/part.ts';
import { type Shard, shardName } from '../experiment/shard.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { Problem } from '../problem.ts';

/** A shard as found in its run directory, before its samples are read. */
export interface FoundShard {
  directory: string;
  experiment: Experiment;
  plan: Plan;
  shard: Shard;
  /** The vgpubench version that started it. */
  version: string;
}

/**
 * The plan of the whole run to which these shards belong. Their targets may differ, because each place has
 * its own.
 * @throws Problem that names both values if anything else differs, or a shard occurs twice
 */
export function wholePlanOf(shards: readonly [FoundShard, ...FoundShard[]]): Plan {
  const [first, ...others] = shards;
  for (const other of others) requireSameRun(first, other);
  requireOnce(shards);
  const { seed, blocks, leftOut } = first.plan;
  const part = { ...partOfPlan(first.experiment, leftOut), blocks };
  const whole = makePlan(first.experiment, seed, part);
  for (const { directory, plan, shard } of shards)
    requireSame(
      'trials',
      first.directory,
      directory,
      makePlan(first.experiment, seed, { ...part, shard }).trials,
      plan.trials,
    );
  return whole;
}

function requireSameRun(first: FoundShard, other: FoundShard): void {
  const asked = ({ version, shard, plan, experiment }: FoundShard) => ({
    version,
    'number of shards': shard.of,
    seed: plan.seed,
    blocks: plan.blocks,
    'what was left out': plan.leftOut,
    experiment: { ...experiment, targets: Object.keys(experiment.targets) },
  });
  const [expected, found] = [asked(first), asked(other)];
  for (const key of Object.keys(expected) as (keyof typeof expected)[])
    requireSame(key, first.directory, other.directory, expected[key], found[key]);
}

/** @throws Problem */
function requireSame(what: string, first: string, other: string, expected: unknown, found: unknown): void {
  const difference = firstDifference(expected, found, what);
  if (difference === undefined) return;
  throw new Problem({
    code: 'VGB-MERGE-OTHER',
    message: `${other} and ${first} are not shards of the same run: ${difference.path} differs`,
    expected: `${shown(difference.expected)}, as in ${first}`,
    found: shown(difference.found),
    next: 'merge shards with the same experiment file, seed and version; run the odd one again',
  });
}

/** @throws Problem */
function requireOnce(shards: readonly FoundShard[]): void {
  const seen = new Map<number, string>();
  for (const { directory, shard } of shards) {
    const before = seen.get(shard.index);
    if (before !== undefined)
      throw new Problem({
        code: 'VGB-MERGE-TWICE',
        message: `shard ${shardName(shard)} occurs twice`,
        expected: 'each shard once, because its blocks would count twice',
        found: `${before} and ${directory}`,
        next: 'keep only one of them, the complete one',
      });
    seen.set(shard.index, directory);
  }
}

interface Difference {
  path: string;
  expected: unknown;
  found: unknown;
}

/** The first place where two values differ, as a path into them. */
function firstDifference(expected: unknown, found: unknown, path: string): Difference | undefined {
  if (!isObject(expected) || !isObject(found))
    return JSON.stringify(expected) === JSON.stringify(found) ? undefined : { path, expected, found };
  for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const deeper = firstDifference(valueAt(expected, key), valueAt(found, key), `${path}.${key}`);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function valueAt(value: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value).slice(0, 200);
}
