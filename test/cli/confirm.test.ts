/** `run --gate --confirm` on a real target: what looked slower is measured again, and that alone decides. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { Results } from '../../src/compare/results.ts';
import { vgpubench } from '../support/cli.ts';
import { eventsIn } from '../support/events.ts';
import { testTargets } from '../support/targets.ts';
import { tellSpeeds } from './speeds.ts';

const NATIVE = [100, 101, 99, 100, 101, 99];

describe('a run with --gate and --confirm, on a real target', () => {
  const lab = testTargets([{ alias: 'a' }]);
  const at = (name: string) => join(lab.folder, name);
  const read = (run: string, file: string) => readFileSync(join(lab.folder, run, file), 'utf8');

  async function run(out: string, virtual: number[], ...options: string[]) {
    tellSpeeds(lab.folder, { native: NATIVE, virtual });
    return vgpubench(['run', 'e.yaml', '--out', out, ...options], lab.folder);
  }

  before(async () => {
    writeFileSync(
      at('e.yaml'),
      `name: confirmed
targets: { a: { ssh: a, config: ${lab.servers.sshConfig} } }
modes:
  native: { use: custom, on: a, environment: { MODE: native } }
  virtual: { use: custom, on: a, environment: { MODE: virtual } }
workloads:
  - { use: command, name: work, run: sh ${at('work.sh')}, metric: { pattern: "speed: {value}", unit: GB/s, better: higher } }
design: { blocks: 3, seed: 5, warmup: 0, samples: 1 }
limits: { trial: 60s }
`,
    );
    const { exitCode, stderr } = await run('base', [80, 81, 79]);
    assert.equal(exitCode, 0, stderr);
  });

  it('passes where it is not slower again, keeps its own figures, and is made again by report', async () => {
    const { exitCode, stdout, stderr } = await run(
      'passed',
      [60, 61, 59, 80, 80.5, 79.5],
      ...['--gate', 'base', '--confirm', '3'],
    );
    assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
    assert.match(stderr, /6 trials in 3 more blocks, of what looks slower or is inconclusive/);
    assert.match(stdout, /by 3 fresh blocks alone: virtual, work: \S+[\s\S]*gate: passed/);
    const { comparisons, trials } = JSON.parse(read('passed', 'results.json')) as Results;
    assert.deepEqual([trials.planned, comparisons[0]?.blocks], [6, 3]);
    assert.ok(Math.abs(comparisons[0]!.ratio! - 0.6) < 0.01, 'the fresh blocks are in no figure of the run');
    const files = ['junit.xml', 'summary.md', 'index.html', 'results.json'];
    const first = files.map((file) => read('passed', file));
    assert.equal((await vgpubench(['report', 'passed', '--gate', 'base'], lab.folder)).exitCode, 0);
    assert.deepEqual(
      files.map((file) => read('passed', file)),
      first,
    );
  });

  it('is gone on with by resume, where it was cut off', async () => {
    const lines = read('passed', 'journal.jsonl').split('\n');
    const added = lines.findIndex((line) => line.includes('"type":"blocks-added"'));
    cpSync(at('passed'), at('cut'), { recursive: true });
    writeFileSync(join(at('cut'), 'journal.jsonl'), `${lines.slice(0, added + 1).join('\n')}\n`);
    // So that each mode's next runs are its fourth to sixth again.
    tellSpeeds(lab.folder, { native: NATIVE, virtual: [60, 61, 59, 80, 80.5, 79.5] }, 3);
    const { exitCode, stdout, stderr } = await vgpubench(['resume', 'cut', '--gate', 'base'], lab.folder);
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /by 3 fresh blocks alone[\s\S]*gate: passed/);
    assert.equal(
      read('cut', 'junit.xml').match(/<testcase/g)?.length,
      read('passed', 'junit.xml').match(/<testcase/g)?.length,
    );
  });

  it('fails where it is slower again', async () => {
    const { exitCode, stdout } = await run(
      'failed',
      [60, 61, 59, 60, 60.5, 59.5],
      '--gate',
      'base',
      '--confirm',
      '3',
    );
    assert.equal(exitCode, 1, stdout);
  });

  it('adds nothing where nothing is suspicious', async () => {
    const { exitCode } = await run('same', [80, 80.5, 79.5], '--gate', 'base', '--confirm', '3');
    assert.equal(exitCode, 0);
    assert.ok(eventsIn(at('same')).every(({ type }) => type !== 'blocks-added'));
  });

  it('is refused without a run to be compared with', async () => {
    const { exitCode, stderr } = await run('refused', [1, 1, 1], '--confirm', '3');
    assert.equal(exitCode, 2);
    assert.match(stderr, /VGB-CONFIRM[\s\S]*--gate BASE --confirm 3/);
  });
});
