import type { ExitCode } from '../../exit-code.ts';
import { collectFleet } from '../../run/collect.ts';
import type { GateOptions } from '../../run/gate.ts';
import type { Merged } from '../../run/merge.ts';
import { mergedReport } from '../../run/merged-report.ts';
import { type Showing, showResults } from './closing-text.ts';
import { oneLine, tell } from './output.ts';
import { type Manner, finish } from './watched.ts';

interface Collecting extends Showing, GateOptions, Pick<Manner, 'open' | 'saveBaseline'> {
  /** Seconds between queries to Slurm. */
  every: number;
  attempts: number;
  unit: 'block' | 'node';
}

/** Waits for a fleet’s shards, showing progress and then the results. */
export async function collected(directory: string, options: Collecting): Promise<ExitCode> {
  const merged = await collectFleet(directory, {
    ...{ everyMs: 1000 * options.every, attempts: options.attempts, unit: options.unit },
    tell: (line) => {
      tell(`${new Date().toISOString().slice(11, 19)} ${oneLine(line)}`);
    },
  });
  return shownMerged(merged, options);
}

/** Makes the report of a merged run, and shows it. */
export async function shownMerged(
  merged: Merged,
  options: Showing & GateOptions & Pick<Manner, 'open' | 'saveBaseline'>,
): Promise<ExitCode> {
  const made = mergedReport(merged, options);
  showResults(made, options);
  await finish(made, options);
  return made.exitCode;
}
