import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { sweepControlDirectories } from '../../src/process/control-directory.ts';
import type { Results } from '../../src/compare/results.ts';
import { readRun } from '../../src/record/read-run.ts';
import { vgpubench } from '../support/cli.ts';
import { markedExperiment } from '../support/experiment.ts';
import { parentOf, processesWith, until } from '../support/processes.ts';
import { testTargets } from '../support/targets.ts';
import { assertWhole, linesIn } from '../support/whole-run.ts';

/** How many events of a type a journal holds so far. */
function count(directory: string, type: string): number {
  const path = join(directory, 'journal.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8').split(`"type":"${type}"`).length - 1 : 0;
}

describe('a run that is cut off', () => {
  const lab = testTargets([{ alias: 'a' }]);

  function prepare(name: string, more: { blocks: number; samples: number; seconds: number; modes?: string }) {
    const marker = join(lab.folder, `${name}.ran`);
    const file = join(lab.folder, `${name}.yaml`);
    writeFileSync(file, markedExperiment({ sshConfig: lab.servers.sshConfig, marker, ...more }));
    return { marker, file, directory: join(lab.folder, name) };
  }

  it('by kill -9, at any moment, goes on without losing or repeating a sample', async () => {
    const { marker, file, directory } = prepare('killed', { blocks: 3, samples: 5, seconds: 0.15 });
    let running = vgpubench(['run', file, '--out', directory], lab.folder);
    let plan = '';
    // Moments in the middle of a run, right after one, and between trials.
    for (const [samples, extraMs] of [
      [2, 80],
      [7, 0],
      [13, 140],
      [21, 20],
    ] as const) {
      await until(`${samples} samples`, () => count(directory, 'sample') >= samples);
      plan ||= readFileSync(join(directory, 'plan.json'), 'utf8');
      await new Promise((resolve) => setTimeout(resolve, extraMs));
      running.kill('SIGKILL');
      await running;
      running = vgpubench(['resume', directory], lab.folder);
    }
    const { exitCode, stderr } = await running;
    assert.equal(exitCode, 0, stderr);
    assert.equal(readFileSync(join(directory, 'plan.json'), 'utf8'), plan);
    assert.equal(count(directory, 'run-resumed'), 4);
    const ways = readRun(directory).record.sessions.map(({ ssh }) => ssh['a'] ?? 'none');
    assert.deepEqual([ways.length, new Set(ways).size, ways.includes('none')], [5, 1, false]);
    assertWhole(directory, marker, 5);
  });

  it('by a cut link has its result fetched over a new one, and ran once', async () => {
    const { marker, file, directory } = prepare('link', { blocks: 1, samples: 2, seconds: 1.5 });
    const running = vgpubench(['run', file, '--out', directory], lab.folder);
    await until('the workload runs', () => linesIn(marker) === 1);
    for (const pid of processesWith('sshd').filter((pid) => parentOf(pid) === lab.servers.pid('a')))
      process.kill(pid, 'SIGKILL');
    const { exitCode, stderr } = await running;
    assert.equal(exitCode, 0, stderr);
    assert.ok(count(directory, 'incident') > 0);
    assertWhole(directory, marker, 2);
  });

  it('by Ctrl-C ends with 130, puts the target back, and goes on', async () => {
    const changed = join(lab.folder, 'changed');
    const modes = `  native: { use: native, on: a, hypervisor: allowed }
  changed: { use: custom, on: a, prepare: ["touch ${changed}"], attest: [{ run: "test -e ${changed}" }], restore: ["rm -f ${changed}"] }`;
    const { marker, file, directory } = prepare('interrupted', {
      blocks: 2,
      samples: 3,
      seconds: 0.2,
      modes,
    });
    const running = vgpubench(['run', file, '--out', directory], lab.folder);
    await until('the changed mode is entered', () => existsSync(changed) && count(directory, 'sample') >= 1);
    running.kill('SIGINT');
    const { exitCode, stderr } = await running;
    assert.equal(exitCode, 130, stderr);
    assert.match(stderr, /vgpubench resume/);
    assert.equal(existsSync(changed), false);
    const before = linesIn(marker);
    assert.equal((await vgpubench(['resume', directory], lab.folder)).exitCode, 0);
    const results = JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8')) as Results;
    assert.equal(results.trials.completed, 4);
    assert.ok(linesIn(marker) > before);
    assert.equal(existsSync(changed), false);
  });

  it('by kill -9 in a mode that changed the target is put back by restore', async () => {
    const changed = join(lab.folder, 'left-changed');
    const modes = `  native: { use: custom, on: a, prepare: ["touch ${changed}"], restore: ["rm ${changed}"] }`;
    const { file, directory } = prepare('left', { blocks: 1, samples: 50, seconds: 0.2, modes });
    const running = vgpubench(['run', file, '--out', directory], lab.folder);
    await until('samples are taken', () => count(directory, 'sample') >= 1);
    running.kill('SIGKILL');
    await running;
    assert.equal(existsSync(changed), true);
    const first = await vgpubench(['restore', directory], lab.folder);
    assert.equal(first.exitCode, 0, first.stderr);
    assert.equal(existsSync(changed), false);
    const second = await vgpubench(['restore', directory], lab.folder);
    assert.equal(second.exitCode, 0);
    assert.match(second.stdout, /nothing to undo/);
    const { token = '' } = readRun(directory).record;
    assert.match(token, /^\w+$/);
    assert.equal(existsSync(`/dev/shm/vgpubench-${token}`), false, 'and nothing of it is left there');
  });

  it('leaves no socket and no file in the temporary directory once it has ended', async () => {
    const { marker, file, directory } = prepare('tidy', { blocks: 2, samples: 4, seconds: 0.2 });
    const sampled = (most: number) => until(`${most} samples`, () => count(directory, 'sample') >= most);
    const killed = vgpubench(['run', file, '--out', directory], lab.folder);
    await sampled(2);
    killed.kill('SIGKILL');
    await killed;
    const stopped = vgpubench(['resume', directory], lab.folder);
    await sampled(5);
    stopped.kill('SIGINT');
    assert.equal((await stopped).exitCode, 130);
    assert.equal((await vgpubench(['resume', directory], lab.folder)).exitCode, 0);
    assert.ok(linesIn(marker) >= 16, 'it went on to its end');

    const journal = readFileSync(join(directory, 'journal.jsonl'), 'utf8');
    const pids = new Set([...journal.matchAll(/"pid":(\d+)/g)].map(([, pid]) => pid));
    const tokens = new Set([...journal.matchAll(/"token":"(\w+)"/g)].map(([, token]) => token));
    assert.deepEqual([pids.size, tokens.size], [3, 1], 'three processes, and the run that they share');
    await sweepControlDirectories();
    const left = (folder: string, name: RegExp, own: Set<string | undefined>) =>
      readdirSync(folder).filter((entry) => own.has(name.exec(entry)?.[1]));
    assert.deepEqual(left(tmpdir(), /^vgb-(\d+)-/, pids), []);
    assert.deepEqual(left('/dev/shm', /^vgpubench-(\w+)/, tokens), []);
  });
});
