import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { readRun } from '../../src/record/read-run.ts';
import { salvageRun } from '../../src/record/salvage.ts';
import { reportRun } from '../../src/run/report.ts';
import { writeRun } from '../cli/run-directories.ts';
import { inDirectory } from '../support/directory.ts';
import { problemOf } from '../support/problem.ts';

/** A run of six blocks, whose journal's lines `change` may change. */
function damaged<T>(change: (lines: string[]) => string[], use: (directory: string) => T): T {
  return inDirectory((parent) => {
    const directory = writeRun(join(parent, 'run'), { design: '{ blocks: 6, samples: 2, warmup: 1 }' });
    const path = join(directory, 'journal.jsonl');
    writeFileSync(path, change(readFileSync(path, 'utf8').split('\n')).join('\n'));
    return use(directory);
  });
}

/** Where the samples of a block are, by the lines of a journal. */
const samplesOf = (lines: readonly string[], block: number) =>
  lines.flatMap((line, index) => (line.includes('"sample"') && line.includes(`b${block}.`) ? [index] : []));

describe('a journal with a line in its middle that can’t be read', () => {
  it('is refused by name, and read without it and its block where that is asked for', () => {
    let torn = 0;
    damaged(
      (lines) => {
        torn = samplesOf(lines, 3)[1] ?? 0;
        // As an older vgpubench left it: a line cut short, and the next one behind it.
        return lines.flatMap((line, index) =>
          index === torn ? [line.slice(0, 40) + (lines[torn + 1] ?? '')] : index === torn + 1 ? [] : [line],
        );
      },
      (directory) => {
        const problem = problemOf(() => reportRun(directory));
        assert.equal(problem.code, 'VGB-JOURNAL-LINE');
        assert.match(problem.message, new RegExp(`journal\\.jsonl:${torn + 1}:`));
        assert.match(problem.next ?? '', new RegExp(`vgpubench report ${directory} --salvage`));
        const { results } = reportRun(directory, { salvage: true });
        assert.match(results.incidents.at(-1)?.text ?? '', /^line \d+ of the journal .*block 3 is excluded/);
        const { plan, record } = salvageRun(directory);
        for (const { id, block } of plan.trials)
          assert.equal(record.trials.get(id)?.outcome?.kind, block === 3 ? 'void' : 'completed', id);
        assert.ok(results.comparisons.length > 0, 'the other blocks are compared');
      },
    );
  });

  it('that may have said how a trial ended voids that trial', () => {
    damaged(
      (lines) => {
        const end = lines.findIndex((line) => line.includes('"trial-ended"'));
        return lines.map((line, index) => (index === end ? line.slice(0, -1) : line));
      },
      (directory) => {
        const { plan, record } = salvageRun(directory);
        for (const { id, block } of plan.trials)
          assert.equal(record.trials.get(id)?.outcome?.kind, block === 1 ? 'void' : 'completed', id);
      },
    );
  });

  it('between two blocks leaves both out, since it may have voided the one or begun the other', () => {
    damaged(
      (lines) => {
        const first = samplesOf(lines, 5)[0] ?? 0;
        const between = lines.findLastIndex((line, index) => index < first && /"b4\.|"block":4/.test(line));
        return lines.flatMap((line, index) => (index === between ? [line, '{"v":2,'] : [line]));
      },
      (directory) => {
        const { plan, record } = salvageRun(directory);
        for (const { id, block } of plan.trials)
          assert.equal(
            record.trials.get(id)?.outcome?.kind,
            block === 4 || block === 5 ? 'void' : 'completed',
            id,
          );
      },
    );
  });

  it('is reported also where the line that began a trial is gone without a trace', () => {
    damaged(
      (lines) => {
        const begun = lines.findIndex((line) => line.includes('"trial-started"'));
        return lines.filter((_, index) => index !== begun);
      },
      (directory) => {
        const { experiment, plan, record } = salvageRun(directory);
        assert.equal(resultsOf(experiment, plan, record).comparisons.length, 1);
      },
    );
  });

  it('is no different where every line can be read', () => {
    damaged(
      (lines) => lines,
      (directory) => {
        const [whole, salvaged] = [readRun(directory), salvageRun(directory)];
        const of = ({ experiment, plan, record }: typeof whole) => resultsOf(experiment, plan, record);
        assert.deepEqual(of(salvaged), of(whole));
        assert.equal(reportRun(directory, { salvage: true }).exitCode, 0);
      },
    );
  });
});
