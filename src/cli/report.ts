import { join } from 'node:path';
import { resultsOf } from '../compare/compare.ts';
import { oneOf } from '../experiment/nearest.ts';
import { Problem } from '../problem.ts';
import { readRun } from '../record/read-run.ts';
import { writeReport } from '../report/write.ts';
import { closingText } from './execute.ts';
import { print, printJson } from './output.ts';

export interface ReportOptions {
  /** Another mode of the run to compare with: its report is made beside the run's own, which stays. */
  baseline?: string | undefined;
  json: boolean;
}

/** `vgpubench report RUN`: every derived file again, from the journal alone. */
export function report(directory: string, options: ReportOptions): number {
  const { experiment, plan, events } = readRun(directory);
  const baseline = options.baseline ?? plan.baseline;
  const modes = Object.keys(experiment.modes);
  if (!modes.includes(baseline))
    throw new Problem({
      code: 'VGB-BASELINE',
      message: 'no mode of that name in the run',
      ...oneOf(baseline, modes),
      found: baseline,
    });
  const results = resultsOf(experiment, { ...plan, baseline }, events);
  const out = baseline === plan.baseline ? directory : join(directory, `against-${baseline}`);
  writeReport(directory, results, out);
  if (options.json) printJson(results);
  else print(closingText(results, out));
  return 0;
}
