/** submit and collect on a real Slurm of four nodes, one of which dies in the middle of its shard. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { Results } from '../../src/compare/results.ts';
import { vgpubench } from '../support/cli.ts';
import { testFolder } from '../support/directory.ts';
import { replayExperiment } from '../support/replay.ts';
import { type Cluster, processesLeft, startCluster } from '../support/slurm.ts';
import { testTargets } from '../support/targets.ts';

const NODES = ['n1', 'n2', 'n3', 'n4'];
const BLOCKS = 8;

describe('a run in shards on a real Slurm cluster', () => {
  const client = ['SendEnv SLURM_ARRAY_TASK_ID SLURM_JOB_ID'];
  const runtime = testFolder();
  // Each its own place for locks: to vgpubench they are four machines.
  const place = (alias: string) => {
    const path = join(runtime, alias);
    mkdirSync(path, { mode: 0o700 });
    return path;
  };
  const lab = testTargets(
    NODES.map((alias) => ({
      ...{ alias, client, config: ['AcceptEnv SLURM_*'] },
      env: { XDG_RUNTIME_DIR: place(alias) },
    })),
  );
  let cluster: Cluster | undefined;
  let directory = '';
  const env = () => cluster?.env ?? {};
  const call = (args: string[], more: Record<string, string> = {}) =>
    vgpubench(args, lab.folder, { ...env(), ...more }, 400_000);
  const resultsIn = (run: string) =>
    JSON.parse(readFileSync(join(lab.folder, run, 'results.json'), 'utf8')) as Results;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'vgb-slurm-'));
    cluster = await startCluster(directory, NODES);
    replayExperiment(lab.folder, 'replay', {
      ...{ ssh: '"${SLURMD_NODENAME}"', config: lab.servers.sshConfig, blocks: BLOCKS, seconds: 1 },
      ...{
        first: '${SLURM_ARRAY_TASK_ID:-1}',
        step: '$([ -n "$SLURM_ARRAY_TASK_ID" ] && echo 4 || echo 1)',
        counter: '${SLURM_JOB_ID:-whole}',
      },
    });
    writeFileSync(join(lab.folder, 'job.sh'), '#!/bin/sh\n#SBATCH --exclusive\n#SBATCH --time=10\n');
  });
  after(async () => {
    await cluster?.stop();
  });

  /** Removes what the run that died with its node has left in its guest, as nobody restores it. */
  function forget(shard: string): void {
    const [first = ''] = readFileSync(join(lab.folder, `out/shards/${shard}.1/journal.jsonl`), 'utf8').split(
      '\n',
    );
    const { token } = JSON.parse(first) as { token: string };
    rmSync(join('/dev/shm', `vgpubench-${token}`), { recursive: true });
  }

  /** The shard that runs on a node, once it has taken a sample. */
  async function shardOn(node: string): Promise<string> {
    for (let tries = 0; tries < 240; tries++) {
      const { stdout } = await execa('squeue', ['-h', '-r', '-t', 'RUNNING', '-w', node, '-o', '%i'], {
        env: env(),
        reject: false,
      });
      const [, task] = /_(\d+)$/.exec(stdout.trim()) ?? [];
      const journal = join(lab.folder, `out/shards/${task ?? ''}.1/journal.jsonl`);
      if (
        task !== undefined &&
        existsSync(journal) &&
        readFileSync(journal, 'utf8').includes('"type":"sample"')
      )
        return task;
      await sleep(250);
    }
    throw new Error(`no shard took a sample on ${node}`);
  }

  it('is the unsharded run in the end, though a node died: its shard was submitted again, whole', async () => {
    const whole = await call(['run', 'replay.yaml', '--out', 'whole', '--quiet'], { SLURMD_NODENAME: 'n1' });
    assert.equal(whole.exitCode, 0, whole.stderr);

    const submitted = await call([
      'submit',
      'replay.yaml',
      '--shards',
      '4',
      '--template',
      'job.sh',
      '--out',
      'out',
    ]);
    assert.equal(submitted.exitCode, 0, submitted.stderr);
    assert.match(submitted.stdout, /^submitted 4 shards as job \d+$/m);

    const victim = await shardOn('n2');
    cluster?.killNode('n2');
    const { exitCode, stdout, stderr } = await call(['collect', 'out', '--every', '2']);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, new RegExp(`lost and submitted again: ${victim}/4$`, 'm'));
    forget(victim);
    assert.match(stdout, /16 of 16 trials completed/);

    const dones = readdirSync(join(lab.folder, 'out/shards')).filter((name) => name.endsWith('.done'));
    assert.deepEqual(
      dones.sort(),
      [1, 2, 3, 4].map((shard) => `${shard}.${String(shard) === victim ? 2 : 1}.done`),
    );
    for (const name of dones) assert.equal(readFileSync(join(lab.folder, 'out/shards', name), 'utf8'), '0\n');

    const [merged, unsharded] = [resultsIn('out/merged'), resultsIn('whole')];
    assert.deepEqual(merged.comparisons, unsharded.comparisons);
    assert.deepEqual(merged.suites, unsharded.suites);
    const nodes = merged.nodes?.nodes ?? [];
    assert.deepEqual(nodes.flatMap(({ shards }) => shards).sort(), [1, 2, 3, 4]);
    assert.ok(nodes.every(({ name }) => NODES.includes(name) && name !== 'n2'));
  });

  it('leaves no process of the cluster behind', async () => {
    await cluster?.stop();
    for (let tries = 0; tries < 40 && processesLeft(directory) > 0; tries++) await sleep(250);
    assert.equal(processesLeft(directory), 0);
  });
});
