import { Problem } from '../problem.ts';
import type { RunRecord } from '../record/run-record.ts';

/** @throws Problem if the run was merged from shards: changes to targets belong to the shards. */
export function requireOwnSessions(directory: string, { merged }: Pick<RunRecord, 'merged'>): void {
  if (merged === undefined) return;
  throw new Problem({
    code: 'VGB-RUN-MERGED',
    message: `${directory} was merged from shards`,
    expected: 'a run that was not merged, such as one of its shards',
    found: 'a run by vgpubench merge',
    next: 'use the shard’s own directory, on its own machine; then merge the shards again',
  });
}
