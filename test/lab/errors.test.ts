import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { requireLab } from '../../src/cli/lab-preflight.ts';
import { asProblem } from '../../src/cli/lab.ts';
import { parseExperiment } from '../../src/experiment/load.ts';
import { layoutOf } from '../../src/lab/boot/layout.ts';
import { LabError } from '../../src/lab/lab-error.ts';
import { writeState } from '../../src/lab/life/state.ts';
import { useLab } from '../../src/lab/life/use.ts';
import { ensureKeys } from '../../src/lab/make/keys.ts';
import { labPaths } from '../../src/lab/paths.ts';
import { Problem } from '../../src/problem.ts';

const folder = mkdtempSync(join(tmpdir(), 'vgpubench-test-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const CODES = [
  ...(['lab-tools-missing', 'lab-packages', 'lab-build', 'lab-keys', 'lab-boot'] as const),
  ...(['lab-in-use', 'lab-state'] as const),
];

describe('an error of the lab', () => {
  it('tells the user what to do next, whichever it is', () => {
    for (const code of CODES) {
      const problem = asProblem(new LabError(code, 'it failed\nwith these words'));
      assert.ok(problem instanceof Problem, code);
      assert.deepEqual(
        [problem.code, problem.message, problem.details],
        [code, 'it failed', ['with these words']],
      );
      assert.match(problem.next ?? '', /vgpubench lab /, code);
    }
  });

  it('that knows better what to do, says that', () => {
    const problem = asProblem(
      new LabError('lab-tools-missing', 'no xz', { next: 'apt-get install xz-utils' }),
    );
    assert.equal(problem instanceof Problem && problem.next, 'apt-get install xz-utils');
    assert.throws(
      () => layoutOf(8, true),
      (error) => error instanceof LabError && error.next.includes('--guests 7'),
    );
  });

  it('is one where no key can be made', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      await assert.rejects(
        ensureKeys(labPaths(join(folder, 'cache'))),
        (error) => error instanceof LabError && error.code === 'lab-keys' && /ssh-keygen/.test(error.message),
      );
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
      });
      release = useLab(labPaths(folder));
      const experiment = parseExperiment(
        'name: x\nbaseline: m\ntargets: { bare: { lab: bare } }\nmodes: { m: { use: lab-native, on: bare } }\n' +
          'workloads: [{ use: command, name: w, run: w, metric: { duration: true } }]\n',
        'x',
      );
      await assert.rejects(requireLab(experiment), (error) => {
        assert.ok(error instanceof Problem);
        assert.match(error.next ?? '', /^wait for it/);
        return true;
      });
    } finally {
      release();
      if (before === undefined) delete process.env['VGPUBENCH_LAB_CACHE'];
      else process.env['VGPUBENCH_LAB_CACHE'] = before;
    }
  });
});
