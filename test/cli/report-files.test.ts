/** A report of which some files can't be made: the others are, which ones is told, and the outcome stands. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { execa } from 'execa';
import type { Results } from '../../src/compare/results.ts';
import { NEUTRAL, PROGRAM, vgpubench } from '../support/cli.ts';
import { testTargets } from '../support/targets.ts';

/** Holds a journal and the smaller files, and not the page, which has its libraries in it. */
const SMALL_KIB = 300;

describe('a report of which a file can’t be made', () => {
  const lab = testTargets([{ alias: 'a' }]);
  const at = (...names: string[]) => join(lab.folder, ...names);
  const run = (...args: string[]) => vgpubench(args, lab.folder);

  before(async () => {
    writeFileSync(
      at('gated.yaml'),
      `name: gated
targets: { a: { ssh: a, config: ${lab.servers.sshConfig} } }
modes:
  native: { use: custom, on: a, environment: { MODE: native } }
  virtual: { use: custom, on: a, environment: { MODE: virtual } }
workloads:
  - { use: command, name: work, run: "echo $(cat ${at('speed')}.$MODE).$(date +%N)", metric: { pattern: "{value}", unit: GB/s, better: higher } }
design: { blocks: 4, seed: 5, warmup: 0, samples: 1 }
`,
    );
    writeFileSync(at('speed.native'), '100');
    writeFileSync(at('speed.virtual'), '90');
    const { exitCode, stderr } = await run('run', 'gated.yaml', '--out', 'base');
    assert.equal(exitCode, 0, stderr);
  });

  /** Runs the command line where `full` is a file system of little room, with a copy of the run in it if there is one. */
  function withLittleRoom(full: string, args: string[], copy?: string) {
    mkdirSync(full);
    const text = `mount -t tmpfs -o size=${SMALL_KIB}k little ${full}
${copy === undefined ? '' : `mkdir ${full}/run; cp ${copy}/journal.jsonl ${copy}/plan.json ${copy}/experiment.yaml ${full}/run`}
"$@"; code=$?; ls ${full}/run ${full}/run/charts; exit $code`;
    return execa(
      'unshare',
      ['--mount', '--propagation', 'private', 'sh', '-c', text, 'sh', process.execPath, ...PROGRAM, ...args],
      { reject: false, timeout: 60_000, cwd: lab.folder, env: NEUTRAL },
    );
  }

  it('for want of room is told with 4 by report, and the smaller files are there', async () => {
    const { exitCode, stdout, stderr } = await withLittleRoom(
      at('r'),
      ['report', at('r', 'run')],
      at('base'),
    );
    assert.equal(exitCode, 4, stderr);
    assert.match(stderr, /^error: .*\/run\/index\.html could not be made: ENOSPC.* \[VGB-REPORT-FILE\]$/m);
    assert.match(stderr, /next: no measurement is lost.*vgpubench report /);
    for (const file of ['results.json', 'junit.xml', 'summary.md', 'samples.csv', 'table.tex'])
      assert.match(stdout, new RegExp(`^${file}$`, 'm'));
    assert.doesNotMatch(stdout, /\.partial/);
  });

  it('for want of room is told with 4 by run, whose results stand', async () => {
    const { exitCode, stdout, stderr } = await withLittleRoom(at('w'), [
      'run',
      'gated.yaml',
      '--out',
      at('w', 'run'),
    ]);
    assert.equal(exitCode, 4, stderr);
    assert.match(stderr, /^error: .*index\.html could not be made: ENOSPC/m);
    assert.match(stdout, /virtual +█/);
    assert.match(stdout, /^results\.json$/m);
  });

  it('leaves a gate’s outcome as it is: 1 where it is slower, and its files where they can be made', async () => {
    const out = at('slow');
    mkdirSync(join(out, 'index.html', 'in-the-way'), { recursive: true });
    writeFileSync(join(out, 'charts'), 'in the way');
    writeFileSync(at('speed.virtual'), '50');
    const { exitCode, stdout, stderr } = await run(
      'run',
      'gated.yaml',
      '--out',
      'slow',
      '--gate',
      'base',
      '--json',
    );
    assert.equal(exitCode, 1, stderr);
    const { gate, comparisons } = JSON.parse(stdout) as Results & { gate: { outcome: string } };
    assert.deepEqual([gate.outcome, comparisons.length], ['slower', 1]);
    const told = stderr.split('\n').filter((line) => line.startsWith('error: '));
    assert.equal(told.length, 2, stderr);
    for (const name of ['index.html', 'charts'])
      assert.match(told.join('\n'), new RegExp(`slow/${name} could not be made: E`));
    assert.match(readFileSync(join(out, 'junit.xml'), 'utf8'), /<testsuite name="gate: /);
    assert.ok(existsSync(join(out, 'samples.csv')));
  });

  it('leaves a gate that passes incomplete with 4, and none of the other files out', async () => {
    cpSync(at('base'), at('passed'), { recursive: true });
    rmSync(at('passed', 'samples.csv'));
    mkdirSync(at('passed', 'samples.csv', 'in-the-way'), { recursive: true });
    const { exitCode, stdout, stderr } = await run('report', 'passed', '--gate', 'base');
    assert.equal(exitCode, 4, stderr);
    assert.match(stdout, /gate: passed/);
    assert.match(stderr, /^error: passed\/samples\.csv could not be made: /m);
    assert.equal(stderr.match(/could not be made/g)?.length, 1);
  });
});
