import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { simulatedRun, type Simulation } from '../compare/simulated-run.ts';
import { vgpubench } from '../support/cli-in-process.ts';
import { writeRun } from './run-directories.ts';
import { testFolder } from '../support/directory.ts';

const scratch = testFolder();

const twice: Simulation['value'] = ({ mode }, _, noise) =>
  100 * (mode === 'slow' ? 2 : 1) * Math.exp(0.01 * noise);
const base = writeRun(join(scratch, 'base'), { seed: 1 });
const same = writeRun(join(scratch, 'same'), { seed: 2 });
const slow = writeRun(join(scratch, 'slow'), { seed: 3, value: twice });

describe('vgpubench compare', () => {
  it('passes with 0 where nothing changed, from directories and from results.json alike', async () => {
    const file = join(scratch, 'base.json');
    writeFileSync(file, JSON.stringify(simulatedRun({ seed: 1 }).results));
    const [byDirectory, byFile] = [
      await vgpubench(['compare', base, same], scratch),
      await vgpubench(['compare', file, same], scratch),
    ];
    assert.equal(byDirectory.exitCode, 0, byDirectory.stderr);
    assert.match(byDirectory.stdout, /slow +work +time.*= same/);
    assert.match(byDirectory.stdout, /gate: passed/);
    assert.equal(byFile.stdout, byDirectory.stdout);
  });

  it('fails with 1 where a cell is slower, and takes a margin', async () => {
    const failed = await vgpubench(['compare', base, slow, '--json'], scratch);
    assert.equal(failed.exitCode, 1);
    const gate = JSON.parse(failed.stdout) as { outcome: string; cells: { verdict: string }[] };
    assert.deepEqual([gate.outcome, gate.cells[1]!.verdict], ['slower', 'slower']);
    assert.equal((await vgpubench(['compare', base, slow, '--margin', '99%'], scratch)).exitCode, 0);
    assert.equal((await vgpubench(['compare', base, slow, '--margin', '99'], scratch)).exitCode, 2);
  });

  it('refuses with 2 what is no run, and names what it expected', async () => {
    const { exitCode, stderr } = await vgpubench(['compare', base, join(scratch, 'nowhere')], scratch);
    assert.equal(exitCode, 2);
    assert.match(stderr, /VGB-RESULTS-READ[\s\S]*expected:[\s\S]*found: +ENOENT[\s\S]*next:/);
    const broken = join(scratch, 'broken.json');
    writeFileSync(broken, '{"format": 1}');
    assert.equal((await vgpubench(['compare', broken, same], scratch)).exitCode, 2);
  });
});

describe('the colours of vgpubench compare', () => {
  const RED = '\u001b[31m';
  const failed = (env: Record<string, string>, ...more: string[]) =>
    vgpubench(['compare', base, slow, ...more], scratch, env);

  it('are of verdicts and of the outcome, where they are wanted', async () => {
    const { stdout } = await failed({ FORCE_COLOR: '1' });
    assert.ok(stdout.includes(`${RED}▼ slower`) && stdout.includes(`${RED}gate: failed`), stdout);
  });

  it('are not there in a pipe, with NO_COLOR, or with --no-color before or after the command', async () => {
    for (const { stdout } of [
      await failed({}),
      await failed({ FORCE_COLOR: '1', NO_COLOR: '1' }),
      await failed({ FORCE_COLOR: '1' }, '--no-color'),
      await vgpubench(['--no-color', 'compare', base, slow], scratch, { FORCE_COLOR: '1' }),
    ])
      assert.ok(!stdout.includes('\u001b'), stdout);
  });
});

describe('a gate that is inconclusive', () => {
  const wide = (seed: number) =>
    writeRun(join(scratch, `wide-${seed}`), {
      seed,
      value: ({ mode }, _, noise) => 100 * (mode === 'slow' ? 1.1 : 1) * Math.exp(0.1 * noise),
    });
  const [before, after] = [wide(1), wide(2)];
  const compared = (...more: string[]) => vgpubench(['compare', before, after, ...more], scratch);

  it('exits with 3, with 0 by --inconclusive pass, and with 1 by --inconclusive fail', async () => {
    assert.equal((await compared()).exitCode, 3);
    const passed = await compared('--inconclusive', 'pass');
    assert.equal(passed.exitCode, 0);
    assert.match(passed.stdout, /gate: inconclusive: .* It counts as pass/);
    assert.equal((await compared('--inconclusive', 'fail')).exitCode, 1);
    assert.equal(
      (await vgpubench(['resume', after, '--gate', before, '--inconclusive', 'pass'], scratch)).exitCode,
      0,
    );
    assert.equal(
      (await vgpubench(['report', after, '--gate', before, '--inconclusive', 'fail'], scratch)).exitCode,
      1,
    );
  });

  it('leaves what is slower as it is', async () => {
    assert.equal((await vgpubench(['compare', base, slow, '--inconclusive', 'pass'], scratch)).exitCode, 1);
  });
});

describe('a baseline that was saved by name', () => {
  it('is held against as @NAME, when its run is gone and until it is saved anew', async () => {
    const folder = testFolder();
    const run = writeRun(join(folder, 'run'), { seed: 1 });
    const saved = await vgpubench(['report', run, '--save-baseline', 'main'], folder);
    assert.equal(saved.exitCode, 0, saved.stderr);
    assert.match(saved.stderr, /saved as @main: reports\/baselines\/simulated\/main\.json/);
    rmSync(run, { recursive: true });
    const byName = await vgpubench(['compare', '@main', same], folder);
    assert.equal(byName.exitCode, 0, byName.stderr);
    assert.equal(byName.stdout, (await vgpubench(['compare', base, same], folder)).stdout);
    const failed = await vgpubench(['resume', slow, '--gate', '@main', '--save-baseline', 'main'], folder);
    assert.equal(failed.exitCode, 1);
    assert.match(failed.stderr, /not saved as @main, because the exit code is 1/);
    assert.equal((await vgpubench(['compare', '@main', same], folder)).stdout, byName.stdout);
    await vgpubench(['report', slow, '--save-baseline', 'main'], folder);
    assert.equal((await vgpubench(['compare', '@main', slow], folder)).exitCode, 0);
  });

  it('is refused where there is none of that name, with those there are', async () => {
    const folder = testFolder();
    const compared = () => vgpubench(['compare', '@main', same], folder);
    assert.match(
      (await compared()).stderr,
      /VGB-BASELINE-NAME[\s\S]*next: +.*vgpubench report RUN --save-baseline main/,
    );
    await vgpubench(['report', same, '--save-baseline', 'release-1'], folder);
    const { exitCode, stderr } = await compared();
    assert.equal(exitCode, 2);
    assert.match(stderr, /expected: release-1/);
    assert.match(
      (await vgpubench(['report', same, '--save-baseline', '../up'], folder)).stderr,
      /VGB-BASELINE-NAME/,
    );
  });
});

describe('a report with --gate', () => {
  it('against another baseline is held against a run that was reported so, too', async () => {
    const report = (run: string, ...more: string[]) =>
      vgpubench(['report', run, '--baseline', 'slow', ...more], scratch);
    assert.equal((await report(base)).exitCode, 0);
    const { exitCode, stdout, stderr } = await report(same, '--gate', join(base, 'against-slow'));
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /gate: passed/);
    assert.match((await report(same, '--gate', base)).stderr, /VGB-COMPARE-BASELINE/);
  });
});

describe('a run with --gate', () => {
  // A run that is whole has nothing left to do on its targets; only the gate is left.
  it('exits as the gate does', async () => {
    const { exitCode, stdout } = await vgpubench(['resume', slow, '--gate', base], scratch);
    assert.equal(exitCode, 1, stdout);
    assert.match(stdout, /report: [\s\S]*gate: failed/);
    assert.equal((await vgpubench(['resume', same, '--gate', base], scratch)).exitCode, 0);
  });

  it('refuses what it could not compare before it touches anything', async () => {
    const other = join(scratch, 'other.yaml');
    writeFileSync(other, simulatedRun({ baseline: 'slow' }).source);
    const { exitCode, stderr } = await vgpubench(['run', other, '--out', 'new', '--gate', base], scratch);
    assert.equal(exitCode, 2);
    assert.match(stderr, /VGB-COMPARE-BASELINE/);
    assert.doesNotMatch(stderr, /trials in/);
  });
});
