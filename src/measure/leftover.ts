import type { TrialEnd } from '../target/end-script.ts';

/** If there are more processes than this, the rest are counted. */
const NAMED = 5;

/**
 * Processes that had escaped a trial's process group and were ended, or that could not be ended, in words;
 * undefined if there are none.
 */
export function leftoverWords({ left, ended }: TrialEnd): string | undefined {
  if (!ended)
    return 'some of its processes could not be ended, and may disturb what follows: check the target';
  if (left.length === 0) return undefined;
  const named = left.slice(0, NAMED).map(({ pid, name }) => `${name} (${pid})`);
  const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : '';
  return `it left ${left.length === 1 ? 'a process' : `${left.length} processes`} behind, now ended: ${named.join(', ')}${more}`;
}
