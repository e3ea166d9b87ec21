import type { TrialEnd } from '../target/end-script.ts';

/** More processes than this are counted, not named. */
const NAMED = 5;

/** What had left a trial's process group and was ended, or what could not be, in words; undefined where all is well. */
export function leftoverWords({ left, ended }: TrialEnd): string | undefined {
  if (!ended) return 'processes of it could not be ended, and may disturb what follows: look at the target';
  if (left.length === 0) return undefined;
  const named = left.slice(0, NAMED).map(({ pid, name }) => `${name} (${pid})`);
  const more = left.length > NAMED ? ` and ${left.length - NAMED} more` : '';
  return `it left ${left.length === 1 ? 'a process' : `${left.length} processes`} behind, ended with it: ${named.join(', ')}${more}`;
}
