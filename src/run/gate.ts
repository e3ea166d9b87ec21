import { resultsOf } from '../compare/compare.ts';
import type { Results } from '../compare/results.ts';
import { specificationOf } from '../compare/specification.ts';
import type { Experiment } from '../experiment/schema.ts';
import { requireSameQuestion } from '../gate/comparable.ts';
import { confirmed } from '../gate/confirmed.ts';
import { type Gate, gateOf } from '../gate/gate.ts';
import { addedPlan } from '../plan/added-blocks.ts';
import type { Run } from '../record/read-run.ts';
import { placeOf } from './baselines.ts';
import { loadResults } from './load-results.ts';

export interface GateOptions {
  /**
   * An earlier run to compare with: its directory, its results.json, or the name under which it was saved,
   * such as `@main`.
   */
  gate?: string | undefined;
  /** Differences up to this share count as the same; by default the later run's margin. */
  margin?: number | undefined;
  /** How an inconclusive outcome counts; by default neither way, with its own exit code. */
  inconclusive?: Gate['inconclusive'];
}

/** An earlier run, and how to compare with it. */
export interface Against extends Omit<GateOptions, 'gate'> {
  base: Results;
}

/**
 * The outcome if a run was compared with another: of its plan and, if suspicious cells were measured again in
 * added blocks, of those blocks.
 */
export function gateAgainst(
  other: Against | undefined,
  { experiment, plan, record }: Run,
  results: Results,
): Gate | undefined {
  if (other === undefined) return undefined;
  const { base, margin, inconclusive } = other;
  const first = gateOf(base, results, margin, inconclusive);
  if (record.added === null) return first;
  const fresh = resultsOf(experiment, addedPlan(experiment, plan, record.added), record);
  return confirmed(first, { base, head: results, fresh }, record.added.blocks);
}

/**
 * The run with which to compare a new one. Rejected before the run, not after hours of it. @throws Problem
 */
export function against(
  { gate, margin, inconclusive }: GateOptions,
  experiment: Experiment,
): Against | undefined {
  if (gate === undefined) return undefined;
  const base = loadResults(placeOf(gate, experiment.name));
  const { baseline } = experiment;
  requireSameQuestion(base, { baseline, specification: specificationOf(experiment) });
  return { base, margin, inconclusive };
}

/**
 * Whether anything in HEAD is slower than in BASE: run directories, results.json files, or BASE by its name.
 * @throws Problem
 */
export function compareRuns(
  base: string,
  head: string,
  margin?: number,
  inconclusive?: Gate['inconclusive'],
): Gate {
  const found = loadResults(head);
  return gateOf(loadResults(placeOf(base, found.name)), found, margin, inconclusive);
}
