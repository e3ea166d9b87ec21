/** submit and collect where commands of Slurm's names do what the test says; test/fleet/cluster.long.test.ts has a real cluster. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { simulatedRun } from '../compare/simulated-run.ts';
import { vgpubench } from '../support/cli.ts';
import { testFolder } from '../support/directory.ts';
import { fakeSlurm } from '../support/fake-slurm.ts';
import { writeShard } from './run-directories.ts';

const COLLECT = ['--every', '1'];

describe('vgpubench submit and collect', () => {
  const root = testFolder();

  /** A folder with the experiment, a header, and the runs that shards become, under their own names. */
  function folderOf(name: string): string {
    const folder = join(root, name);
    mkdirSync(folder);
    const source = simulatedRun({ design: '{ blocks: 4, samples: 2, warmup: 0, seed: 3 }' }).source;
    writeFileSync(join(folder, 'e.yaml'), source.replace('{ ssh: a }', '{ ssh: "${SLURMD_NODENAME}" }'));
    writeFileSync(join(folder, 'job.sh'), '#!/bin/sh\n#SBATCH --exclusive\n');
    return folder;
  }
  const simulation = { design: '{ blocks: 4, samples: 2, warmup: 0, seed: 3 }', seed: 3 };
  const made = (folder: string, index: number) =>
    writeShard(join(folder, `made-${index}`), { index, of: 2 }, simulation);
  /** Shell commands by which a task comes to its end. */
  const ends = (index: number, attempt: number, code = 0) =>
    `mkdir -p out/shards; cp -r made-${index} out/shards/${index}.${attempt}; echo ${code} >out/shards/${index}.${attempt}.done`;

  it('shows what would be submitted with --dry-run, and touches nothing', async () => {
    const folder = folderOf('dry');
    const before = readdirSync(folder);
    const args = ['submit', 'e.yaml', '--shards', '2', '--template', 'job.sh', '--out', 'out', '--dry-run'];
    const { exitCode, stdout, stderr } = await vgpubench(args, folder);
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /^sbatch --parsable --no-requeue --array=1,2 --job-name=vgpubench-simulated /);
    assert.match(stdout, /^#!\/bin\/sh\n#SBATCH --exclusive\n/m);
    assert.match(stdout, /run e\.yaml --quiet --shard "\$SLURM_ARRAY_TASK_ID"\/2 --out /);
    assert.deepEqual(readdirSync(folder), before);
  });

  it('submits one array, returns, and collects it later: a lost shard is submitted again, alone', async () => {
    const folder = folderOf('lost');
    [1, 2].forEach((index) => made(folder, index));
    // The first time shard 2's node dies; the second time it comes to its end.
    const slurm = fakeSlurm(
      folder,
      `if [ $n = 1 ]; then ${ends(1, 1)}; else ${ends(2, 2)}; fi`,
      `[ $n -gt 2 ] || echo '101_2|RUNNING|None'`,
    );
    const call = (...args: string[]) => vgpubench(args, folder, slurm.env);
    const submitted = await call('submit', 'e.yaml', '--shards', '2', '--out', 'out');
    assert.equal(submitted.exitCode, 0, submitted.stderr);
    assert.match(submitted.stdout, /^submitted 2 shards as job 101\nvgpubench collect .*\/out$/);
    const { exitCode, stdout, stderr } = await call('collect', 'out', ...COLLECT);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /1\/2 ended with 0, 2\/2 RUNNING/);
    assert.match(stderr, /1\/2 ended with 0, 2\/2 lost: gone/);
    assert.match(stderr, /lost and submitted again: 2\/2/);
    assert.match(stdout, /8 of 8 trials completed/);
    assert.deepEqual(
      slurm.submitted().map((words) => /--array=\S+/.exec(words)?.[0]),
      ['--array=1,2', '--array=2'],
    );
    assert.ok(existsSync(join(folder, 'out/merged/index.html')));
    const again = await call('collect', 'out', ...COLLECT);
    assert.equal(again.exitCode, 2);
    assert.match(again.stderr, /VGB-FLEET-COLLECTED/);
  });

  it('gives a shard up after so many attempts, and says that the run lacks it', async () => {
    const folder = folderOf('given-up');
    made(folder, 1);
    const slurm = fakeSlurm(folder, `[ $n != 1 ] || { ${ends(1, 1)}; }`, ':');
    const args = [
      'submit',
      'e.yaml',
      '--shards',
      '2',
      '--out',
      'out',
      '--follow',
      '--attempts',
      '2',
      ...COLLECT,
    ];
    const { exitCode, stdout, stderr } = await vgpubench(args, folder, slurm.env);
    assert.equal(exitCode, 4, stderr);
    assert.equal(slurm.submitted().length, 2);
    assert.match(stdout, /4 of 8 trials completed \(4 not run\)/);
    assert.match(readFileSync(join(folder, 'out/merged/results.json'), 'utf8'), /shard 2\/2 is not among/);
  });

  it('tells where a shard could not be run, and why something waits', async () => {
    const folder = folderOf('wrong');
    const slurm = fakeSlurm(
      folder,
      'mkdir -p out/shards',
      `echo '101_1|PENDING|ReqNodeNotAvail'; [ $n -lt 2 ] || echo 2 >out/shards/2.1.done`,
    );
    const args = ['submit', 'e.yaml', '--shards', '2', '--out', 'out', '--follow', ...COLLECT];
    const { exitCode, stderr } = await vgpubench(args, folder, slurm.env);
    assert.equal(exitCode, 2);
    assert.match(stderr, /1\/2 PENDING \(ReqNodeNotAvail\)/);
    assert.match(stderr, /VGB-FLEET-SHARD[\s\S]*logs\/101_2\.log/);
  });

  it('refuses before anything is submitted what could not be run, or submitted, or collected', async () => {
    const folder = folderOf('refused');
    writeFileSync(join(folder, 'bad.sh'), 'echo no header\n');
    const slurm = fakeSlurm(folder, 'echo "sbatch: error: invalid partition specified: x" >&2; exit 1', ':');
    for (const [args, code, said] of [
      [['submit', 'e.yaml', '--shards', '5'], 2, /VGB-SHARD/],
      [['submit', 'e.yaml', '--shards', '2', '--template', 'bad.sh'], 2, /VGB-SUBMIT-TEMPLATE/],
      [['submit', 'e.yaml', '--shards', '2', '--template', 'none.sh'], 2, /VGB-SUBMIT-TEMPLATE[\s\S]*ENOENT/],
      [['submit', 'e.yaml', '--shards', '2', '--out', 'out'], 4, /VGB-SUBMIT[\s\S]*invalid partition/],
      [['collect', 'nothing'], 2, /VGB-FLEET-READ/],
    ] as const) {
      const { exitCode, stderr } = await vgpubench(args, folder, slurm.env);
      assert.equal(exitCode, code, stderr);
      assert.match(stderr, said);
    }
  });
});
