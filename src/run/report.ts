import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsOf } from '../compare/compare.ts';
import type { Results } from '../compare/results.ts';
import { type ExitCode, worse } from '../exit-code.ts';
import { type Gate, gateExitCode } from '../gate/gate.ts';
import { Problem } from '../problem.ts';
import { type Run, readRun } from '../record/read-run.ts';
import { FILES } from '../record/run-directory.ts';
import { salvageRun } from '../record/salvage.ts';
import { redactGate, redactResults, redactor } from '../report/redact.ts';
import { type ChartFiles, type Unmade, writeReport } from '../report/write.ts';
import { oneOf } from '../words/nearest.ts';
import { type GateOptions, against, gateAgainst } from './gate.ts';
import { secretsOf } from './secrets.ts';

export interface ReportOptions extends GateOptions {
  /** Another mode of the run as the baseline: its report is made in addition to the run's own. */
  baseline?: string | undefined;
  /** Skips unreadable lines of the journal, and the blocks that they belong to. */
  salvage?: boolean | undefined;
  /** A copy for publication, in its own folder and without the journal; the report itself stays. */
  redact?: boolean | undefined;
  /** The charts to write as separate files. Default: those that fit a paper. */
  charts?: ChartFiles | undefined;
  /** The destination of the copy, instead of a folder in the run's. */
  out?: string | undefined;
}

export interface Report {
  /** The folder of its files. */
  directory: string;
  results: Results;
  gate: Gate | undefined;
  /** The problem with each file that could not be made; the others exist. */
  unmade: Unmade[];
  /** The gate's exit code, or 0 without one; at least 4 if a file could not be made. */
  exitCode: ExitCode;
}

/**
 * Makes every derived file of a run again, from its journal alone; with `gate`, also from BASE's. @throws
 * Problem
 */
export function reportRun(directory: string, options: ReportOptions = {}): Report {
  const run = options.salvage ? salvageRun(directory) : readRun(directory);
  const { experiment, plan, record } = run;
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
  const held = { experiment, plan: { ...plan, baseline }, record };
  const results = resultsOf(held.experiment, held.plan, held.record);
  const out = baseline === plan.baseline ? directory : join(directory, `against-${baseline}`);
  const gate = gateAgainst(other, held, results);
  const made =
    options.redact === true
      ? redactedCopy(options.out ?? join(out, 'redacted'), directory, run, {
          results,
          gate,
          charts: options.charts,
        })
      : {
          directory: out,
          results,
          gate,
          unmade: writeReport(directory, results, { out, gate, charts: options.charts }),
        };
  const exitCode = worse(gate === undefined ? 0 : gateExitCode(gate), made.unmade.length === 0 ? 0 : 4);
  return { ...made, exitCode };
}

/** The report and the experiment file of a run, with stand-ins for names of its machines and people. */
function redactedCopy(
  out: string,
  directory: string,
  run: Run,
  { results, gate, charts }: Pick<Report, 'results' | 'gate'> & Pick<ReportOptions, 'charts'>,
): Omit<Report, 'exitCode'> {
  const redact = redactor(secretsOf(directory, run, results));
  const told = redactResults(results, redact);
  const judged = gate && redactGate(gate, redact);
  const experiment = redact(readFileSync(join(directory, FILES.experiment), 'utf8'));
  return {
    ...{ directory: out, results: told, gate: judged },
    unmade: writeReport(out, told, { gate: judged, experiment, charts }),
  };
}
