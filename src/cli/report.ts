import { join } from 'node:path';
import { resultsOf } from '../compare/compare.ts';
import { gateExitCode, gateOf } from '../compare/gate.ts';
import { oneOf } from '../words/nearest.ts';
import { Problem } from '../problem.ts';
import { readRun } from '../record/read-run.ts';
import { writeReport } from '../report/write.ts';
import { gateText } from './compare.ts';
import { closingText } from './execute.ts';
import { type GateOptions, gateFor } from './gate.ts';
import { print, printJson } from './output.ts';

export interface ReportOptions extends GateOptions {
  /** Another mode of the run to compare with: its report is made beside the run's own, which stays. */
  baseline?: string | undefined;
  json: boolean;
}

/** `vgpubench report RUN`: every derived file again, from the journal alone; with --gate from BASE's as well. */
export function report(directory: string, options: ReportOptions): number {
  const { experiment, plan, record } = readRun(directory);
  const baseline = options.baseline ?? plan.baseline;
  const modes = Object.keys(experiment.modes);
  if (!modes.includes(baseline))
    throw new Problem({
      code: 'VGB-BASELINE',
      message: 'no mode of that name in the run',
      ...oneOf(baseline, modes),
      found: baseline,
    });
  const against = gateFor(options, experiment);
  const results = resultsOf(experiment, { ...plan, baseline }, record);
  const out = baseline === plan.baseline ? directory : join(directory, `against-${baseline}`);
  const gate = against && gateOf(against.base, results, against.margin);
  writeReport(directory, results, { out, gate });
  if (options.json) printJson(gate === undefined ? results : { ...results, gate });
  else print([closingText(results, out), ...(gate === undefined ? [] : ['', gateText(gate)])].join('\n'));
  return gate === undefined ? 0 : gateExitCode(gate);
}
