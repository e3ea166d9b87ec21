import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { simulatedRun, type Simulation } from '../compare/simulated-run.ts';
import { vgpubench } from '../support/cli.ts';
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
