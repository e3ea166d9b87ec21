import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { JOURNAL_FORMAT } from '../../src/record/event.ts';
import { recordOf } from '../../src/record/fold.ts';
import { Journal } from '../../src/record/journal.ts';
import { moderniser } from '../../src/record/modernise.ts';
import { readEvents } from '../../src/record/read-journal.ts';
import { inDirectory } from '../support/directory.ts';

const at = { atMs: 1, wall: '2026-01-01T00:00:00.000Z' };
const ended = (kind: string, trial = 'a', attempt = 1) => ({
  ...{ v: 1, ...at, type: 'trial-ended', trial, attempt },
  outcome: kind === 'completed' ? { kind } : { kind, reason: 'no proof' },
});
const voided = { v: 2, ...at, type: 'trial-voided', trial: 'a', attempt: 1, reason: 'no proof' };

describe('a journal of format 1', () => {
  it('has a completed trial that ended again as void become one that was voided', () => {
    const modernise = moderniser();
    assert.deepEqual(modernise(ended('completed')), { ...ended('completed'), v: 2 });
    assert.deepEqual(modernise(ended('void')), voided);
    assert.deepEqual(modernise(ended('void', 'b')), { ...ended('void', 'b'), v: 2 });
    assert.deepEqual(modernise(ended('void', 'a', 2)), { ...ended('void', 'a', 2), v: 2 });
  });

  it('did not tell scratch directories', () => {
    const line = { v: 1, ...at, type: 'target-ready', target: 'a' };
    assert.deepEqual(moderniser()(line), { ...line, v: 2, scratch: null });
  });

  it('is no business of lines of another format, or of what is no event', () => {
    const modernise = moderniser();
    for (const line of [voided, { v: 3 }, 5, null, 'text']) assert.equal(modernise(line), line);
  });

  it('is gone on with in today’s format, and its trial in flight knows of which format it is', () => {
    inDirectory((directory) => {
      const path = join(directory, 'journal.jsonl');
      const started = { type: 'trial-started', attempt: 1, fromIndex: 0 } as const;
      writeFileSync(path, `${JSON.stringify({ v: 1, ...at, ...started, trial: 'old' })}\n`);
      const journal = Journal.reopen(path);
      journal.append({ ...started, trial: 'new' });
      journal.close();
      const { trials } = recordOf(readEvents(path));
      assert.deepEqual(
        [...trials].map(([id, { format }]) => [id, format]),
        [
          ['old', 1],
          ['new', JOURNAL_FORMAT],
        ],
      );
    });
  });
});
