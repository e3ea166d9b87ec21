/** What keeps a run from being gone on with: another process that has it, or files that were edited. */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { digestsOf } from '../../src/record/digests.ts';
import { lockRun } from '../../src/record/lock.ts';
import { loadResults } from '../../src/run/load-results.ts';
import { reportRun } from '../../src/run/report.ts';
import { restoreRun } from '../../src/run/restore.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { runExperiment } from '../../src/run/run.ts';
import { writeRun } from '../cli/run-directories.ts';
import { vgpubench } from '../support/cli.ts';
import { testFolder } from '../support/directory.ts';
import { problemOf, rejection } from '../support/problem.ts';

describe('a run that another process has', () => {
  const folder = testFolder();

  it('is not even read by resume and restore, since that one may be about to add to it', async () => {
    const directory = writeRun(join(folder, 'held'), {});
    appendFileSync(join(directory, 'journal.jsonl'), 'no event\n');
    const unlock = lockRun(directory);
    assert.equal((await rejection(resumeRun(directory))).code, 'VGB-RUN-LOCKED');
    assert.equal((await rejection(restoreRun(directory))).code, 'VGB-RUN-LOCKED');
    unlock();
    assert.equal((await rejection(resumeRun(directory))).code, 'VGB-JOURNAL-LINE');
  });

  it('is not written over by another that begins there, also before its first event', async () => {
    const directory = writeRun(join(folder, 'beginning'), {});
    writeFileSync(join(directory, 'journal.jsonl'), '');
    writeFileSync(join(directory, 'plan.json'), 'its own');
    const unlock = lockRun(directory);
    const second = runExperiment(join(directory, 'experiment.yaml'), { out: directory });
    assert.equal((await rejection(second)).code, 'VGB-RUN-LOCKED');
    assert.equal(readFileSync(join(directory, 'plan.json'), 'utf8'), 'its own');
    unlock();
  });
});

describe('a run whose files were edited after it had begun', () => {
  const folder = testFolder();

  /** A run that tells its digests, as those of today do. */
  function begun(name: string): string {
    const directory = writeRun(join(folder, name), {});
    const journal = join(directory, 'journal.jsonl');
    const [first = '', ...rest] = readFileSync(journal, 'utf8').split('\n');
    const opening = { ...(JSON.parse(first) as object), digests: digestsOf(directory) };
    writeFileSync(journal, [JSON.stringify(opening), ...rest].join('\n'));
    return directory;
  }

  for (const [name, from, to] of [
    ['experiment.yaml', 'better: lower', 'better: higher'],
    ['plan.json', '"baseline": "native"', '"baseline": "slow"'],
  ] as const)
    it(`is refused where ${name} was, by all that would read another meaning into it`, async () => {
      const directory = begun(name);
      assert.equal(reportRun(directory).exitCode, 0);
      const path = join(directory, name);
      const text = readFileSync(path, 'utf8');
      assert.ok(text.includes(from));
      writeFileSync(path, text.replace(from, to));
      const problems = [
        problemOf(() => reportRun(directory)),
        problemOf(() => reportRun(directory, { salvage: true })),
        problemOf(() => loadResults(directory)),
        await rejection(resumeRun(directory)),
      ];
      for (const { code, message } of problems)
        assert.deepEqual([code, message], ['VGB-RUN-EDITED', `${path} was edited after the run began`]);
      assert.deepEqual(await restoreRun(directory), [], 'its targets can still be put back');
      writeFileSync(path, text);
      assert.equal(reportRun(directory).exitCode, 0);
    });

  it('is told, and not waited for, where one is a pipe by now', async () => {
    for (const name of ['experiment.yaml', 'plan.json']) {
      const directory = begun(`${name}-pipe`);
      rmSync(join(directory, name));
      await execa('mkfifo', [join(directory, name)]);
      const { exitCode, stderr } = await vgpubench(['report', directory], folder);
      assert.equal(exitCode, 2, name);
      assert.match(stderr, /VGB-RUN-READ[\s\S]*a pipe/);
    }
  });
});
