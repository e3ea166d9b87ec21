import { type ExitCode, worse } from '../exit-code.ts';
import type { GateOptions } from './gate.ts';
import type { Merged } from './merge.ts';
import { type Report, reportRun } from './report.ts';
import { ownExitCode } from './session.ts';

/** The report of a merged run, and the combined exit code of its shards. @throws Problem */
export function mergedReport(merged: Merged, options: GateOptions = {}): Report {
  const { gate, margin, inconclusive } = options;
  const made = reportRun(merged.directory, { gate, margin, inconclusive });
  const own = worse(mergedExitCode(merged), ownExitCode(made.results));
  return { ...made, exitCode: worse(made.exitCode, own) };
}

/** 4 if a shard is missing, or did not finish. */
export function mergedExitCode({ lost, cutOff }: Pick<Merged, 'lost' | 'cutOff'>): ExitCode {
  return lost.length + cutOff.length === 0 ? 0 : 4;
}
