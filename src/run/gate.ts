import type { Results } from '../compare/results.ts';
import { specificationOf } from '../compare/specification.ts';
import type { Experiment } from '../experiment/schema.ts';
import { requireSameQuestion } from '../gate/comparable.ts';
import { type Gate, gateOf } from '../gate/gate.ts';
import { loadResults } from './load-results.ts';

export interface GateOptions {
  /** An earlier run to be held against: its directory, or its results.json. */
  gate?: string | undefined;
  /** Differences within it count as the same, a share; by default what the later run says. */
  margin?: number | undefined;
}

/** An earlier run, and the margin to hold against it with. */
export interface Against {
  base: Results;
  margin: number | undefined;
}

/** The run to hold a new one against. Refused before the run, and not after hours of it. @throws Problem */
export function against({ gate, margin }: GateOptions, experiment: Experiment): Against | undefined {
  if (gate === undefined) return undefined;
  const base = loadResults(gate);
  const { baseline } = experiment;
  requireSameQuestion(base, { baseline, specification: specificationOf(experiment) });
  return { base, margin };
}

/** Whether anything of HEAD is slower than in BASE: run directories, or results.json files. @throws Problem */
export function compareRuns(base: string, head: string, margin?: number): Gate {
  return gateOf(loadResults(base), loadResults(head), margin);
}
