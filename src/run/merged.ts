import { Problem } from '../problem.ts';
import type { RunRecord } from '../record/run-record.ts';

/** @throws Problem where the run was made of shards: what is to be done to targets is done by theirs. */
export function requireOwnSessions(directory: string, { merged }: Pick<RunRecord, 'merged'>): void {
  if (merged === undefined) return;
  throw new Problem({
    code: 'VGB-RUN-MERGED',
    message: `${directory} was merged of shards`,
    expected: 'a run that was run there itself, such as one of its shards',
    found: 'a run by vgpubench merge',
    next: 'name the shard’s own directory, on its own machine; then merge them anew',
  });
}
