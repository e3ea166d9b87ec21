import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FILES } from '../record/run-directory.ts';
import { trialDurations } from '../record/progress.ts';
import { readRun } from '../record/read-run.ts';

/**
 * How long the trials of an experiment took in its newest earlier run, in ms by `mode/workload`; empty where
 * there is none. A run that can't be read is passed over: it only serves an estimate.
 */
export function earlierDurations(
  name: string,
  reports = 'reports',
): { durations: Map<string, number>; run: string | undefined } {
  const runs = existsSync(reports)
    ? readdirSync(reports).filter((entry) => entry.startsWith(`${name}-`))
    : [];
  for (const run of runs.sort().reverse()) {
    const directory = join(reports, run);
    if (!existsSync(join(directory, FILES.journal))) continue;
    try {
      const { plan, record } = readRun(directory);
      const durations = trialDurations(plan, record);
      if (plan.experiment === name && durations.size > 0) return { durations, run: directory };
    } catch {
      continue;
    }
  }
  return { durations: new Map(), run: undefined };
}
