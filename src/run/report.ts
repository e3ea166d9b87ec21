import { join } from 'node:path';
import { resultsOf } from '../compare/compare.ts';
import type { Results } from '../compare/results.ts';
import { type ExitCode, worse } from '../exit-code.ts';
import { type Gate, gateExitCode, gateOf } from '../gate/gate.ts';
import { Problem } from '../problem.ts';
import { readRun } from '../record/read-run.ts';
import { salvageRun } from '../record/salvage.ts';
import { writeReport } from '../report/write.ts';
import { oneOf } from '../words/nearest.ts';
import { type GateOptions, against } from './gate.ts';

export interface ReportOptions extends GateOptions {
  /** Another mode of the run to compare with: its report is made beside the run's own, which stays. */
  baseline?: string | undefined;
  /** Goes on without lines of the journal that can't be read, and without the blocks around them. */
  salvage?: boolean | undefined;
}

export interface Report {
  /** Where its files are. */
  directory: string;
  results: Results;
  gate: Gate | undefined;
  /** Why a file of it could not be made, one a file; the others are there. */
  unmade: Problem[];
  /** That of the gate, 0 without one; at least 4 where a file could not be made. */
  exitCode: ExitCode;
}

/** Makes every derived file of a run again, from its journal alone; with `gate` from BASE's as well. @throws Problem */
export function reportRun(directory: string, options: ReportOptions = {}): Report {
  const { experiment, plan, record } = options.salvage ? salvageRun(directory) : readRun(directory);
  const baseline = options.baseline ?? plan.baseline;
  const modes = Object.keys(experiment.modes);
  if (!modes.includes(baseline))
    throw new Problem({
      code: 'VGB-BASELINE',
      message: 'no mode of that name in the run',
      ...oneOf(baseline, modes),
      found: baseline,
    });
  const other = against(options, { ...experiment, baseline });
  const results = resultsOf(experiment, { ...plan, baseline }, record);
  const out = baseline === plan.baseline ? directory : join(directory, `against-${baseline}`);
  const gate = other && gateOf(other.base, results, other.margin);
  const unmade = writeReport(directory, results, { out, gate });
  const exitCode = worse(gate === undefined ? 0 : gateExitCode(gate), unmade.length === 0 ? 0 : 4);
  return { directory: out, results, gate, unmade, exitCode };
}
