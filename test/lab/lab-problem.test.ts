import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { requireLab } from '../../src/run/lab.ts';
import { type LabProblemCode, labProblem } from '../../src/lab/lab-problem.ts';
import { writeState } from '../../src/lab/life/state.ts';
import { useLab } from '../../src/lab/life/use.ts';
import { ensureKeys } from '../../src/lab/make/keys.ts';
import { labPaths } from '../../src/lab/paths.ts';
import { Problem } from '../../src/problem.ts';
import { testFolder } from '../support/directory.ts';

const folder = testFolder();

const CODES: Record<LabProblemCode, true> = {
  'VGB-LAB-TOOLS': true,
  'VGB-LAB-PACKAGES': true,
  'VGB-LAB-BUILD': true,
  'VGB-LAB-KEYS': true,
  'VGB-LAB-BOOT': true,
  'VGB-LAB-IN-USE': true,
  'VGB-LAB-NAME': true,
  'VGB-LAB-SNAPSHOT': true,
  'VGB-LAB-STATE': true,
};

describe('a problem of the lab', () => {
  it('tells the user what to do next, whichever it is, and ends with the code of what is incomplete', () => {
    for (const code of Object.keys(CODES) as LabProblemCode[]) {
      const problem = labProblem(code, { message: 'it failed', details: ['with these words'] });
      assert.ok(problem instanceof Problem);
      assert.deepEqual(
        [problem.code, problem.message, problem.details, problem.exitCode],
        [code, 'it failed', ['with these words'], 4],
      );
      assert.match(problem.next ?? '', /vgpubench lab /, code);
    }
  });

  it('that knows better what to do, says that', () => {
    const { next } = labProblem('VGB-LAB-TOOLS', { message: 'no xz', next: 'apt-get install xz-utils' });
    assert.equal(next, 'apt-get install xz-utils');
  });

  it('is one where no key can be made', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      await assert.rejects(ensureKeys(labPaths(join(folder, 'cache'))), (error) => {
        assert.ok(error instanceof Problem && error.code === 'VGB-LAB-KEYS');
        assert.match(error.details?.join() ?? '', /ssh-keygen/);
        return true;
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});

describe('an experiment in a lab that is still being brought up', () => {
  it('is told to wait, and not to bring it up', async () => {
    let release = (): void => undefined;
    const before = process.env['VGPUBENCH_LAB_CACHE'];
    process.env['VGPUBENCH_LAB_CACHE'] = folder;
    try {
      await writeState(labPaths(folder), {
        version: 1,
        accelerator: null,
        ready: false,
        processes: [],
        files: [],
        hosts: [],
        guests: ['g1'],
        guestCpus: 1,
      });
      release = useLab(labPaths(folder));
      await assert.rejects(requireLab('x', { guests: 1, bare: true, pci: false }), (error) => {
        assert.ok(error instanceof Problem);
        assert.match(error.next ?? '', /^wait until it is up/);
        return true;
      });
    } finally {
      release();
      if (before === undefined) delete process.env['VGPUBENCH_LAB_CACHE'];
      else process.env['VGPUBENCH_LAB_CACHE'] = before;
    }
  });
});
