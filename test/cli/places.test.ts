/** Where a run can't be, and files of a run that are not what they should be: told at once, and no stack. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import fc from 'fast-check';
import { simulatedRun } from '../compare/simulated-run.ts';
import { Problem } from '../../src/problem.ts';
import { compareRuns } from '../../src/run/gate.ts';
import { readRun } from '../../src/record/read-run.ts';
import { NEUTRAL, PROGRAM, vgpubench } from '../support/cli.ts';
import { testFolder } from '../support/directory.ts';
import { EXPERIMENT } from '../support/experiment-text.ts';
import { problemOf } from '../support/problem.ts';
import { assertTold } from '../support/told.ts';
import { writeRun } from './run-directories.ts';

/** What is promised of each refusal. */
const LIMIT_MS = 20_000;

describe('a run directory that can’t be made', () => {
  const folder = testFolder();
  writeFileSync(join(folder, 'e.yaml'), EXPERIMENT);
  writeFileSync(join(folder, 'file'), '');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
  const before = readdirSync(folder);

  for (const out of [
    ...['/proc/x', '/proc/x/y/z', '/sys/x', '/dev/null', ''],
    ...['file/x', 'dangling', 'dangling/x', 'n'.repeat(300)],
  ])
    it(`is told: --out ${out === '' ? '""' : out.slice(0, 30)}`, async () => {
      const ended = await execa(process.execPath, [...PROGRAM, 'run', 'e.yaml', '--out', out], {
        ...{ reject: false, timeout: LIMIT_MS, cwd: folder, env: NEUTRAL },
      });
      assertTold(ended, /VGB-RUN-WRITE/, out);
      assert.deepEqual(readdirSync(folder), before);
    });
});

describe('a plan that is none of this run', () => {
  const folder = testFolder();
  const run = writeRun(join(folder, 'run'), { seed: 1 });
  const path = join(run, 'plan.json');
  const whole = readFileSync(path, 'utf8');
  const plan = JSON.parse(whole) as { trials: Record<string, unknown>[] };
  const [first, ...rest] = plan.trials;
  const withTrial = (over: object) => JSON.stringify({ ...plan, trials: [{ ...first, ...over }, ...rest] });

  const CASES = {
    'nothing at all': '',
    null: 'null',
    'a list': '[]',
    'a number': '5',
    'an object': '{}',
    'another format': JSON.stringify({ ...plan, format: 2 }),
    'half of it': whole.slice(0, whole.length / 2),
    'trials that are none': JSON.stringify({ ...plan, trials: [null, 1, 'x'] }),
    'trials that are an object': JSON.stringify({ ...plan, trials: { length: 2 } }),
    'a trial without targets': withTrial({ targets: [] }),
    'targets that are none': withTrial({ targets: 'a' }),
    'a block that is none': withTrial({ block: -1 }),
    'a block beyond the last': withTrial({ block: 4000 }),
    'a mode that is not there': withTrial({ mode: 'constructor' }),
    'a workload that is not there': withTrial({ workload: '__proto__' }),
    'a target that the mode is not on': withTrial({ targets: ['c'] }),
    'a trial twice': JSON.stringify({ ...plan, trials: [first, ...plan.trials] }),
    'a baseline that is not there': JSON.stringify({ ...plan, baseline: 'toString' }),
    'that of another experiment': JSON.stringify({ ...plan, experiment: 'other' }),
    'a million lists in lists': `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`,
    'a million maps as trials': `{"format":1,"trials":${'{"a":'.repeat(1_000_000)}1${'}'.repeat(1_000_000)}}`,
    'no UTF-8': Buffer.from([0xff, 0xfe, 0x00]),
  };
  for (const [what, text] of Object.entries(CASES))
    it(`is refused: ${what}`, () => {
      writeFileSync(path, text);
      const { code, exitCode, expected, found, next } = problemOf(() => readRun(run));
      assert.deepEqual([code, exitCode], ['VGB-RUN-PLAN', 2]);
      assert.ok([expected, found, next].every((part) => part !== undefined && part.length < 1000));
    });

  it('is refused by every command that goes by it', async () => {
    writeFileSync(path, CASES['trials that are none']);
    for (const args of [
      ['resume', run],
      ['report', run],
      ['compare', run, run],
      ['run', join(run, 'experiment.yaml'), '--out', 'new', '--gate', run],
    ])
      assertTold(await vgpubench(args, folder), /VGB-RUN-PLAN/, args[0] ?? '');
  });

  it('keeps no target from being put back', async () => {
    const { exitCode, stdout, stderr } = await vgpubench(['restore', run], folder);
    assert.deepEqual([exitCode, stdout], [0, 'nothing to undo'], stderr);
  });

  it('is read as before where it is whole', () => {
    writeFileSync(path, whole);
    assert.deepEqual(readRun(run).plan, JSON.parse(whole));
  });
});

describe('a results.json that is none', () => {
  const folder = testFolder();
  const head = writeRun(join(folder, 'head'), { seed: 1 });
  const file = join(folder, 'base.json');
  const { results } = simulatedRun({ seed: 2 });
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

  it('is told as what it is: a device, a pipe, a folder, lists in lists', async () => {
    await execa('mkfifo', [join(folder, 'pipe')]);
    mkdirSync(join(folder, 'empty'));
    writeFileSync(join(folder, 'deep'), deep);
    for (const base of ['/dev/zero', 'pipe', 'empty', 'deep', ''])
      assertTold(await vgpubench(['compare', base, head], folder), /VGB-RESULTS-READ/, base);
  });

  it('is told where an option is deeper than can be compared', () => {
    const options = JSON.stringify(results).replace('"LEVEL":"one"', `"LEVEL":${deep}`);
    assert.match(options, /"LEVEL":\[/);
    writeFileSync(file, options);
    assert.equal(problemOf(() => compareRuns(file, head)).code, 'VGB-RESULTS-READ');
  });

  it('has no value anywhere that does worse than be refused', () => {
    const places: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]): void => {
      places.push(path);
      if (Array.isArray(value))
        value.slice(0, 2).forEach((one, at) => {
          walk(one, [...path, at]);
        });
      else if (typeof value === 'object' && value !== null)
        for (const [key, one] of Object.entries(value)) walk(one, [...path, key]);
    };
    walk(results, []);
    const hostile = fc.oneof(
      fc.constantFrom(null, '', [], {}, -1, 0, 1.7e308, -5e-324, true, 'x'.repeat(1000), [[[]]], 2 ** 53),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), hostile, (path, value) => {
        const changed = structuredClone(results) as unknown;
        let at = { root: changed } as Record<string | number, unknown>;
        for (const key of ['root', ...path.slice(0, -1)]) at = at[key] as typeof at;
        if (path.length > 0) at[path.at(-1) ?? ''] = value;
        writeFileSync(file, JSON.stringify(changed));
        try {
          assert.match(compareRuns(file, head).outcome, /passed|slower|inconclusive|incomplete/);
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
        }
      }),
      { numRuns: 150, seed: 10 },
    );
  });
});
