import { type ExitCode, worse } from '../exit-code.ts';
import type { GateOptions } from './gate.ts';
import type { Merged } from './merge.ts';
import { type Report, reportRun } from './report.ts';
import { ownExitCode } from './session.ts';

/** The report of a run that was merged, and what its shards exit with together. @throws Problem */
export function mergedReport(merged: Merged, options: GateOptions = {}): Report {
  const { gate, margin, inconclusive } = options;
  const made = reportRun(merged.directory, { gate, margin, inconclusive });
  const own = worse(mergedExitCode(merged), ownExitCode(made.results));
  return { ...made, exitCode: worse(made.exitCode, own) };
}

/** 4 where a shard is missing, or did not come to its end. */
export function mergedExitCode({ lost, cutOff }: Pick<Merged, 'lost' | 'cutOff'>): ExitCode {
  return lost.length + cutOff.length === 0 ? 0 : 4;
}
