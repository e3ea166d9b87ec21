import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foldsOf } from '../../src/cli/terminal/folds.ts';
import { liveStateOf, outcomesBefore } from '../../src/cli/terminal/live-state.ts';
import { Log } from '../../src/cli/terminal/log.ts';
import { fold } from '../../src/record/fold.ts';
import { emptyRecord } from '../../src/record/run-record.ts';
import { simulatedRun } from '../compare/simulated-run.ts';

const { experiment, plan, events } = simulatedRun({ design: '{ blocks: 3, samples: 2 }' });

/** The lines of a whole session. */
function log(verbose: boolean, env: Record<string, string> = {}): string[] {
  const record = emptyRecord();
  const lines: string[] = [];
  const watched = {
    ...{ experiment, plan, earlier: new Map(), incidentsBefore: 0, comparisons: [] },
    before: outcomesBefore({ pending: plan.trials, record }),
    needless: () => false,
  };
  const shown = new Log(
    (line) => lines.push(line),
    verbose,
    foldsOf(env, () => new Date(1_700_000_000_000)),
  );
  for (const event of events) {
    fold(record, event);
    shown.see(event, () => liveStateOf(watched, record));
  }
  shown.close();
  return lines;
}

describe('a session in a pipe', () => {
  it('is a line for each trial', () => {
    const lines = log(false).filter((line) => line.includes('completed'));
    assert.equal(lines.length, plan.trials.length);
    assert.match(lines.at(-1)!, /^\d\d:\d\d:\d\d 6\/6 b3\.\w+\.work completed in \d\.\d s/);
    assert.ok(
      log(false).every((line) => /completed|ready/.test(line)),
      log(false).join('\n'),
    );
  });

  it('is a line for each event with --verbose', () => {
    const lines = log(true);
    assert.equal(lines.length, events.length);
    assert.ok(lines.some((line) => / sample trial=b1\./.test(line)));
  });

  it('is folded block by block in a log of GitHub’s', () => {
    const lines = log(false, { GITHUB_ACTIONS: 'true' });
    const marks = lines.filter((line) => line.startsWith('::'));
    assert.deepEqual(
      marks,
      [1, 2, 3].flatMap((block) => [`::group::block ${block} of 3`, '::endgroup::']),
    );
    const first = lines.indexOf('::group::block 1 of 3');
    assert.ok(lines.slice(first + 1, lines.indexOf('::endgroup::')).every((line) => line.includes(' b1.')));
  });

  it('is folded block by block in a log of GitLab’s', () => {
    const marks = log(false, { GITLAB_CI: 'true' }).filter((line) => line.includes('section_'));
    assert.deepEqual(marks.slice(0, 2), [
      '\u001b[0Ksection_start:1700000000:block_1[collapsed=true]\r\u001b[0Kblock 1 of 3',
      '\u001b[0Ksection_end:1700000000:block_1\r\u001b[0K',
    ]);
    assert.equal(marks.length, 6);
  });

  it('has no such marks elsewhere', () => {
    assert.ok(!log(false, { CI: '1' }).some((line) => /::|section_/.test(line)));
  });
});
