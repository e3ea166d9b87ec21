/** A run in shards on real targets, whose figures are given: merged it is what the whole run is. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { eventsIn } from '../support/events.ts';
import { vgpubench } from '../support/cli.ts';
import { replayExperiment } from '../support/replay.ts';
import { testTargets } from '../support/targets.ts';

const SHARDS = 3;

describe('a run in shards, on a real target', () => {
  const lab = testTargets([{ alias: 'a' }]);
  const call = (...args: string[]) => vgpubench(args, lab.folder);
  const resultsIn = (run: string) =>
    JSON.parse(readFileSync(join(lab.folder, run, 'results.json'), 'utf8')) as Results;

  before(async () => {
    for (const index of [1, 2, 3]) {
      const file = replayExperiment(lab.folder, `shard-${index}`, {
        ...{ ssh: 'a', config: lab.servers.sshConfig, blocks: 7, first: index, step: SHARDS },
      });
      const args = ['--shard', `${index}/${SHARDS}`, '--out', `runs/${index}`];
      const { exitCode, stderr, stdout } = await call('run', file, ...args);
      assert.equal(exitCode, 0, stderr);
      assert.match(stdout, new RegExp(`trials completed, in shard ${index}/3`));
    }
    const file = replayExperiment(lab.folder, 'whole', {
      ...{ ssh: 'a', config: lab.servers.sshConfig, blocks: 7, first: 1, step: 1 },
    });
    assert.equal((await call('run', file, '--out', 'whole')).exitCode, 0);
  });

  it('has its shard in its journal and its plan', () => {
    const [opening] = eventsIn(join(lab.folder, 'runs/2'));
    assert.ok(opening?.type === 'run-started');
    assert.deepEqual([opening.shard?.index, opening.shard?.of], [2, 3]);
    assert.ok((opening.shard?.node ?? '') !== '');
  });

  it('is the whole run once it is merged, figure by figure', async () => {
    const { exitCode, stdout, stderr } = await call('merge', 'runs/1', 'runs/2', 'runs/3', '--out', 'merged');
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /^reading shard 1 of 3: runs\/1$/m);
    assert.match(stdout, /14 of 14 trials completed/);
    const [merged, whole] = [resultsIn('merged'), resultsIn('whole')];
    assert.deepEqual(merged.comparisons, whole.comparisons);
    assert.deepEqual(merged.suites, whole.suites);
    const valuesOf = ({ cells }: Results) =>
      cells.map(({ mode, trials }) => [mode, trials.map(({ trial, values }) => [trial, values])]);
    assert.deepEqual(valuesOf(merged), valuesOf(whole));
    // And again, from its journal alone.
    const first = readFileSync(join(lab.folder, 'merged/results.json'), 'utf8');
    assert.equal((await call('report', 'merged')).exitCode, 0);
    assert.equal(readFileSync(join(lab.folder, 'merged/results.json'), 'utf8'), first);
  });

  it('is incomplete where a shard is missing, and says which', async () => {
    const { exitCode, stdout } = await call('merge', 'runs/1', 'runs/3', '--out', 'without-2');
    assert.equal(exitCode, 4);
    assert.match(stdout, /10 of 14 trials completed \(4 not run\)/);
    // But for noise, which is this machine's own.
    const told = resultsIn('without-2').incidents.filter(({ kind }) => kind !== 'noise');
    assert.deepEqual(
      told.map(({ text }) => text),
      ['shard 2/3 is not among the merged runs, so its blocks are missing'],
    );
  });

  it('is refused in words where it can’t be', async () => {
    for (const [args, said] of [
      [['run', 'whole.yaml', '--shard', '4/3'], /expected a shard such as 1\/4/],
      [['run', 'whole.yaml', '--shard', '1/8'], /VGB-SHARD[\s\S]*at most 7 shards/],
      [['merge', 'whole', '--out', 'x'], /VGB-MERGE-SHARD/],
      [['merge', 'runs/1', 'runs/1', '--out', 'x'], /VGB-MERGE-TWICE/],
      [['resume', 'merged'], /VGB-RUN-MERGED/],
    ] as const) {
      const { exitCode, stderr } = await call(...args);
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, said);
    }
    writeFileSync(
      join(lab.folder, 'precise.yaml'),
      readFileSync(join(lab.folder, 'whole.yaml'), 'utf8').replace('blocks: 7', 'blocks: 30, precision: 2%'),
    );
    assert.match((await call('plan', 'precise.yaml', '--shard', '1/2')).stderr, /precision: 2%/);
  });
});
