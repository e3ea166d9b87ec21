/** What Slurm says, and the script that it is given. */
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execaSync } from 'execa';
import { doneFile, jobScript, shardDirectory } from '../../src/fleet/job-script.ts';
import { statesBySacct, statesBySqueue, tasksIn } from '../../src/fleet/states.ts';
import { testFolder } from '../support/directory.ts';
import { problemOf } from '../support/problem.ts';

describe('what Slurm says of tasks', () => {
  it('is read from sacct: what has ended does not come back', () => {
    const states = statesBySacct(
      '7_1|COMPLETED|0:0|2026-01-02T03:04:05|n1\n7_2|NODE_FAIL|1:0|2026-01-02T03:04:05|n2\n' +
        '7_3|RUNNING|0:0|Unknown|n3\n7_4|CANCELLED by 0|0:0|2026-01-02T03:04:05|n4\n7_[5-6]|PENDING|0:0|Unknown|None assigned\n',
    );
    assert.deepEqual(
      [...states].map(([task, { alive, state }]) => [task, alive, state]),
      [
        ['7_1', false, 'COMPLETED'],
        ['7_2', false, 'NODE_FAIL'],
        ['7_3', true, 'RUNNING'],
        ['7_4', false, 'CANCELLED by 0'],
        ['7_5', true, 'PENDING'],
        ['7_6', true, 'PENDING'],
      ],
    );
  });

  it('is read from squeue, with why something waits where that is out of the ordinary', () => {
    const states = statesBySqueue(
      '7_1|RUNNING|None\n7_2|PENDING|ReqNodeNotAvail, UnavailableNodes:n2\n7_3|PENDING|Priority\n7_4|COMPLETING|None\n',
    );
    assert.deepEqual(
      [...states.values()].map(({ alive, reason }) => [alive, reason]),
      [
        [true, ''],
        [true, 'ReqNodeNotAvail, UnavailableNodes:n2'],
        [true, ''],
        [true, ''],
      ],
    );
    assert.equal(statesBySqueue('').size, 0);
  });

  it('may be of several tasks at once', () => {
    assert.deepEqual(tasksIn('123_4'), ['123_4']);
    assert.deepEqual(tasksIn('123_[5-7,9%2]'), ['123_5', '123_6', '123_7', '123_9']);
    assert.deepEqual(['123', '123_4.batch', 'x_[1-2]', ''].flatMap(tasksIn), []);
  });
});

describe('the script of an array job', () => {
  const folder = testFolder();
  const work = {
    ...{ template: undefined, cwd: folder, of: 4, folder: join(folder, 'my shards'), attempt: 2 },
    ...{ program: [join(folder, "it's.sh")], run: ['run', 'a b.yaml', '--quiet'] },
  };

  it('runs the shard of its task, and leaves its exit code beside it when it has ended', () => {
    for (const code of [0, 3, 130]) {
      writeFileSync(
        join(folder, "it's.sh"),
        `#!/bin/sh\nfor a; do echo "$a"; done >"${folder}/asked"\nexit ${code}\n`,
      );
      chmodSync(join(folder, "it's.sh"), 0o755);
      execaSync('mkdir', ['-p', work.folder]);
      const { exitCode } = execaSync('sh', ['-c', jobScript(work)], {
        reject: false,
        env: { SLURM_ARRAY_TASK_ID: '3' },
      });
      assert.equal(exitCode, code);
      assert.equal(readFileSync(join(work.folder, doneFile(3, 2)), 'utf8'), `${code}\n`);
      assert.deepEqual(readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n'), [
        ...['run', 'a b.yaml', '--quiet', '--shard', '3/4', '--out'],
        join(work.folder, shardDirectory(3, 2)),
      ]);
    }
  });

  it('has the user’s own header, untouched, and vgpubench where the user wants it', () => {
    const header = '#!/bin/bash\n#SBATCH --exclusive\n#SBATCH --gres=gpu:1\nmodule load cuda\n';
    assert.ok(jobScript({ ...work, template: header }).startsWith(header));
    const between = jobScript({ ...work, template: `${header}{{vgpubench}}\necho after $& $1\n` });
    assert.match(between, /module load cuda\n# A shard of[\s\S]*exit "\$vgb_code"\necho after \$& \$1\n$/);
  });

  it('is refused where sbatch would not take it', () => {
    assert.equal(problemOf(() => jobScript({ ...work, template: 'echo x\n' })).code, 'VGB-SUBMIT-TEMPLATE');
  });
});
