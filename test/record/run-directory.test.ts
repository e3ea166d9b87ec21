import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { resultsOf } from '../../src/compare/compare.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { Journal } from '../../src/record/journal.ts';
import { lockRun } from '../../src/record/lock.ts';
import { readRun } from '../../src/record/read-run.ts';
import {
  FILES,
  createRunDirectory,
  defaultRunDirectory,
  planText,
  readPlan,
  writeDerived,
  sweepPartial,
} from '../../src/record/run-directory.ts';
import { emptyRecord } from '../../src/record/run-record.ts';
import { writeReport } from '../../src/report/write.ts';
import { inDirectory } from '../support/directory.ts';
import { EXPERIMENT } from '../support/experiment-text.ts';
import { parseExperiment } from '../../src/experiment/load.ts';
import { problemOf } from '../support/problem.ts';

const experiment = parseExperiment(EXPERIMENT, 'f.yaml');
const plan = makePlan(experiment);

describe('a run directory', () => {
  it('is named after the experiment, the time in UTC and the seed', () => {
    const now = new Date('2026-03-04T05:06:07.890Z');
    assert.equal(defaultRunDirectory('demo', 42, now), join('reports', 'demo-20260304-050607-42'));
  });

  it('holds the experiment as it was given and the plan, and reads back as both', () => {
    inDirectory((parent) => {
      const directory = join(parent, 'deep', 'run');
      createRunDirectory(directory, EXPERIMENT, plan);
      assert.equal(readFileSync(join(directory, FILES.experiment), 'utf8'), EXPERIMENT);
      assert.equal(readFileSync(join(directory, FILES.plan), 'utf8'), planText(plan));
      Journal.create(join(directory, FILES.journal)).close();
      assert.deepEqual(readRun(directory), { experiment, plan, record: emptyRecord() });
    });
  });

  it('that holds a run is never written over', () => {
    inDirectory((directory) => {
      writeFileSync(join(directory, FILES.journal), '{');
      const { code, exitCode, next } = problemOf(() => {
        createRunDirectory(directory, EXPERIMENT, plan);
      });
      assert.deepEqual([code, exitCode], ['VGB-RUN-EXISTS', 2]);
      assert.match(next ?? '', /vgpubench resume/);
      assert.deepEqual(readdirSync(directory), [FILES.journal]);
    });
  });

  it('that can’t be made is told, not thrown as it came', () => {
    inDirectory((parent) => {
      const file = join(parent, 'file');
      writeFileSync(file, '');
      const { code } = problemOf(() => {
        createRunDirectory(join(file, 'run'), EXPERIMENT, plan);
      });
      assert.equal(code, 'VGB-RUN-WRITE');
    });
  });

  it('without a plan, or with one of another format, is refused', () => {
    inDirectory((directory) => {
      assert.equal(problemOf(() => readPlan(directory)).code, 'VGB-RUN-PLAN');
      for (const text of ['{"format": 2, "trials": []}', '{"format": 1}', '[', 'null']) {
        writeFileSync(join(directory, FILES.plan), text);
        assert.equal(problemOf(() => readPlan(directory)).code, 'VGB-RUN-PLAN', text);
      }
    });
  });

  it('has its derived files written whole or not at all', () => {
    inDirectory((directory) => {
      writeDerived(directory, 'a.txt', 'old');
      writeDerived(directory, 'a.txt', 'new');
      assert.equal(readFileSync(join(directory, 'a.txt'), 'utf8'), 'new');
      mkdirSync(join(directory, 'b.txt'));
      assert.throws(() => {
        writeDerived(directory, 'b.txt', 'x');
      });
      assert.ok(existsSync(join(directory, 'b.txt')));
    });
  });
});

describe('a derived file', () => {
  it('of which a process that was killed left a part has that removed, and others keep theirs', () => {
    inDirectory((directory) => {
      const { pid: dead } = spawnSync('true');
      const [left, own] = [`index.html.${dead}.partial`, `index.html.${process.pid}.partial`];
      for (const name of [left, own, 'notes.partial']) writeFileSync(join(directory, name), '');
      sweepPartial(directory);
      assert.deepEqual(readdirSync(directory).sort(), [own, 'notes.partial']);
    });
  });
});

describe('the lock of a run', () => {
  it('is refused while its holder lives, and is gone when given back', () => {
    inDirectory((directory) => {
      const release = lockRun(directory);
      const { code, found } = problemOf(() => lockRun(directory));
      assert.deepEqual([code, found], ['VGB-RUN-LOCKED', `process ${process.pid} is using it`]);
      release();
      assert.deepEqual(readdirSync(directory), []);
      lockRun(directory)();
    });
  });
});

describe('the files of a run', () => {
  for (const umask of [0o022, 0o027, 0o077])
    it(`have the modes that a umask of ${umask.toString(8).padStart(3, '0')} gives`, () => {
      const before = process.umask(umask);
      try {
        inDirectory((parent) => {
          const directory = join(parent, 'deep', 'run');
          createRunDirectory(directory, EXPERIMENT, plan);
          const journal = Journal.create(join(directory, FILES.journal));
          const unlock = lockRun(directory);
          writeReport(directory, resultsOf(experiment, plan, emptyRecord()));
          const entries = readdirSync(parent, { recursive: true, encoding: 'utf8' }).sort();
          for (const entry of entries) {
            const about = statSync(join(parent, entry));
            const most = about.isDirectory() ? 0o777 : 0o666;
            assert.equal((about.mode & 0o7777).toString(8), (most & ~umask).toString(8), entry);
          }
          assert.ok(entries.length > 12 && entries.includes('deep/run/run.lock'), entries.join(' '));
          unlock();
          journal.close();
        });
      } finally {
        process.umask(before);
      }
    });
});
