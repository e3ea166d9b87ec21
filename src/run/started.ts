import { Problem } from '../problem.ts';
import type { RunRecord } from '../record/run-record.ts';

/**
 * A run's token, and the directory of its experiment file as given by the user. @throws Problem if it was
 * never started
 */
export function requireStarted(
  directory: string,
  { token, directory: base, newest }: Pick<RunRecord, 'token' | 'directory' | 'newest'>,
): { token: string; base: string } {
  if (token !== undefined && base !== undefined) return { token, base };
  throw new Problem({
    code: 'VGB-RUN-UNSTARTED',
    message: `${directory} was never started`,
    expected: 'a journal that begins with run-started',
    found: newest === null ? 'an empty journal' : 'one that begins with something else',
    next: 'run the experiment again: vgpubench run FILE',
  });
}
