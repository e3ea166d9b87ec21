import { lostTrials } from '../compare/history.ts';
import type { Results } from '../compare/results.ts';
import type { Warning } from '../compare/warning.ts';

type Ending = Pick<Results, 'trials' | 'endReason'>;

/** Ends at which a run has everything it should have, even if trials of its plan remain. */
const SETTLED: readonly (string | null)[] = ['completed', 'precision', 'plateau'];

/** How a run ended before its plan, in words; a budget is an end that was requested. */
const CUT_OFF: Readonly<Record<string, string>> = { interrupted: 'it was interrupted', failed: 'it failed' };

/** Whether a run was interrupted, failed or killed, so that it lacks something it should have. */
export function isCutOff({ endReason }: Pick<Ending, 'endReason'>): boolean {
  return endReason === null || Object.hasOwn(CUT_OFF, endReason);
}

/** The warning if BASE has fewer trials than it should: its intervals are wider because of that. */
export function baseWarnings(base: Ending): Warning[] {
  const { trials, endReason } = base;
  const lost = lostTrials(base);
  const left = SETTLED.includes(endReason) ? 0 : trials.pending;
  if (!isCutOff(base) && lost + left === 0) return [];
  const why =
    endReason === null
      ? 'it was killed'
      : (CUT_OFF[endReason] ?? (left > 0 ? 'its budget was spent' : undefined));
  const reasons = [
    ...(why === undefined ? [] : [`${why} with ${left} left`]),
    ...(lost === 0 ? [] : [`${lost} failed, timed out, were void or skipped`]),
  ];
  const text =
    `BASE has ${trials.completed} of its ${trials.planned} trials: ${reasons.join(', and ')}. Continue it ` +
    '(vgpubench resume BASE --retry), or use a new BASE';
  return [{ code: 'base-incomplete', text }];
}
