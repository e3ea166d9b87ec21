import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { vgpubench } from '../support/cli.ts';
import { testTargets } from '../support/targets.ts';

describe('a part of an experiment, on a real target', () => {
  const lab = testTargets([{ alias: 'a' }]);
  const file = 'parts.yaml';
  before(() => {
    writeFileSync(
      join(lab.folder, file),
      `name: parts
targets:
  a: { ssh: a, config: ${lab.servers.sshConfig} }
  nowhere: { ssh: vgpubench.invalid }
modes:
  native: { use: custom, on: a }
  again: { use: custom, on: a, environment: { A: b } }
  away: { use: custom, on: nowhere }
workloads:
  - { use: command, name: one, run: "echo 1", metric: { pattern: "{value}", unit: B, better: higher } }
  - { use: command, name: two, run: "no-such-program", metric: { duration: true } }
design: { blocks: 3, warmup: 0, samples: 1 }
`,
    );
  });
  const call = (...args: string[]) => vgpubench(args, lab.folder);
  const PART = ['--only', 'mode=again,workload=one', '--blocks', '2'];

  it('is planned as it is run', async () => {
    const { stdout } = await call('plan', file, '--json', ...PART);
    const { trials, leftOut } = JSON.parse(stdout) as Plan;
    assert.equal(trials.length, 4);
    assert.deepEqual(leftOut, { modes: ['away'], workloads: ['two'] });
    assert.match((await call('plan', file, ...PART)).stdout, /4 trials: 2 blocks x 2 modes x 1 workloads/);
  });

  it('is run without a look at what is left out, and reported so again', async () => {
    const { exitCode, stdout, stderr } = await call('run', file, '--out', 'part', '--json', ...PART);
    assert.equal(exitCode, 0, stderr);
    assert.doesNotMatch(stderr, /"target":"nowhere"/);
    const { trials, leftOut } = JSON.parse(stdout) as Results;
    assert.deepEqual([trials.planned, trials.completed], [4, 4]);
    assert.deepEqual(leftOut, { modes: ['away'], workloads: ['two'] });
    assert.equal((await call('report', 'part')).exitCode, 0);
    assert.equal((await call('resume', 'part')).exitCode, 0);
  });

  it('is refused where it is written otherwise, or names nothing', async () => {
    for (const [only, said] of [
      ['again', /expected mode=NAME or workload=NAME/],
      ['mode=', /expected mode=NAME or workload=NAME/],
      ['mode=agin', /VGB-ONLY[\s\S]*did you mean again/],
    ] as const) {
      const { exitCode, stderr } = await call('plan', file, '--only', only);
      assert.equal(exitCode, 2);
      assert.match(stderr, said);
    }
  });
});
