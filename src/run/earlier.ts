import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { trialDurations } from '../record/progress.ts';
import { type Run, readRun } from '../record/read-run.ts';
import { FILES } from '../record/run-directory.ts';

/** An earlier run of an experiment, and its path. */
export interface EarlierRun extends Run {
  directory: string;
}

/**
 * The newest earlier run of an experiment in which a trial completed; undefined if there is none. An
 * unreadable run is skipped: it would only serve an estimate.
 */
export function earlierRun(name: string, reports = 'reports'): EarlierRun | undefined {
  const runs = existsSync(reports)
    ? readdirSync(reports).filter((entry) => entry.startsWith(`${name}-`))
    : [];
  for (const entry of runs.sort().reverse()) {
    const directory = join(reports, entry);
    if (!existsSync(join(directory, FILES.journal))) continue;
    try {
      const run = readRun(directory);
      if (run.plan.experiment === name && durationsIn(run).size > 0) return { ...run, directory };
    } catch {
      continue;
    }
  }
  return undefined;
}

/** How long the trials of an earlier run took, in ms by `mode/workload`; empty if there is none. */
export function durationsIn(run: Pick<Run, 'plan' | 'record'> | undefined): Map<string, number> {
  return run === undefined ? new Map<string, number>() : trialDurations(run.plan, run.record);
}
