/** A run of part of its experiment: fewer blocks, or only some modes and workloads. */
import { z } from 'zod';
import { baselineOf } from './baseline.ts';
import type { Experiment } from './schema.ts';
import type { Shard } from './shard.ts';
import { Problem } from '../problem.ts';
import { workloadName } from '../workload/kind.ts';
import { oneOf } from '../words/nearest.ts';

/** Names of modes and workloads that a run leaves out, though its experiment has them. */
export const leftOutSchema = z.object({ modes: z.array(z.string()), workloads: z.array(z.string()) });

export type LeftOut = z.output<typeof leftOutSchema>;

export interface Part {
  /** Instead of design.blocks. */
  blocks?: number | undefined;
  /** Names of those to be run, with their baselines; empty for all. */
  only?: { modes: readonly string[]; workloads: readonly string[] } | undefined;
  /** The shard of its blocks. */
  shard?: Shard | undefined;
}

/**
 * What the experiment has in addition to that part, in file order; undefined if nothing.
 * @throws Problem if a name is not in the experiment
 */
export function leftOutOf(experiment: Experiment, { only }: Part): LeftOut | undefined {
  if (only === undefined) return undefined;
  const modes = Object.keys(experiment.modes);
  const workloads = experiment.workloads.map(workloadName);
  requireKnown('mode', only.modes, modes);
  requireKnown('workload', only.workloads, workloads);
  const asked = only.modes.flatMap((mode) => [mode, baselineOf(mode, experiment) ?? mode]);
  const beside = (all: readonly string[], kept: readonly string[]) =>
    kept.length === 0 ? [] : all.filter((name) => !kept.includes(name));
  const leftOut = { modes: beside(modes, asked), workloads: beside(workloads, only.workloads) };
  return leftOut.modes.length + leftOut.workloads.length === 0 ? undefined : leftOut;
}

/** The part that leaves those out: the inverse of `leftOutOf`. */
export function partOfPlan(experiment: Experiment, leftOut: LeftOut | undefined): Part {
  if (leftOut === undefined) return {};
  const kept = (all: readonly string[], out: readonly string[]) =>
    out.length === 0 ? [] : all.filter((name) => !out.includes(name));
  const modes = kept(Object.keys(experiment.modes), leftOut.modes);
  const workloads = kept(experiment.workloads.map(workloadName), leftOut.workloads);
  return { only: { modes, workloads } };
}

/** Whether a mode or workload was left out, for a run that may be complete. */
export function isLeftOut(leftOut: LeftOut | undefined, one: { mode: string; workload: string }): boolean {
  if (leftOut === undefined) return false;
  return leftOut.modes.includes(one.mode) || leftOut.workloads.includes(one.workload);
}

/**
 * The experiment without what was left out, and without targets that nothing else needs, so that they are not
 * touched.
 */
export function partOf(experiment: Experiment, leftOut: LeftOut | undefined): Experiment {
  if (leftOut === undefined) return experiment;
  const modes = Object.entries(experiment.modes).filter(([name]) => !leftOut.modes.includes(name));
  const used = new Set(modes.flatMap(([, { on, neighbour }]) => [...on, ...(neighbour?.on ?? [])]));
  for (const name of used) {
    const host = experiment.targets[name]?.host;
    if (host !== undefined) used.add(host);
  }
  return {
    ...experiment,
    modes: Object.fromEntries(modes),
    workloads: experiment.workloads.filter((one) => !leftOut.workloads.includes(workloadName(one))),
    targets: Object.fromEntries(Object.entries(experiment.targets).filter(([name]) => used.has(name))),
  };
}

function requireKnown(what: string, names: readonly string[], known: readonly string[]): void {
  const found = names.find((name) => !known.includes(name));
  if (found === undefined) return;
  throw new Problem({
    code: 'VGB-ONLY',
    message: `no ${what} of that name in the experiment`,
    ...oneOf(found, known),
    found,
  });
}
