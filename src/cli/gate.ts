import { requireSameQuestion } from '../compare/comparable.ts';
import type { Results } from '../compare/results.ts';
import { specificationOf } from '../compare/specification.ts';
import type { Experiment } from '../experiment/schema.ts';
import { loadResults } from './load-results.ts';

export interface GateOptions {
  /** An earlier run: its directory, or its results.json. */
  gate?: string | undefined;
  margin?: number | undefined;
}

/** The run to hold a new one against. Refused before the run, and not after hours of it. @throws Problem */
export function gateFor(
  { gate, margin }: GateOptions,
  experiment: Experiment,
): { base: Results; margin: number | undefined } | undefined {
  if (gate === undefined) return undefined;
  const base = loadResults(gate);
  const { baseline } = experiment;
  requireSameQuestion(base, { baseline, specification: specificationOf(experiment) });
  return { base, margin };
}
