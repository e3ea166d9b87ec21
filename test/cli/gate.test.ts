/** `run --gate` on a real target: what the run measures decides the exit code, and CI is shown why. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { vgpubench } from '../support/cli.ts';
import { testTargets } from '../support/targets.ts';
import { speedsExperiment, tellSpeeds } from './speeds.ts';

describe('a run with --gate, on a real target', () => {
  const lab = testTargets([{ alias: 'a' }]);
  const read = (run: string, file: string) => readFileSync(join(lab.folder, run, file), 'utf8');

  /** Runs it with what the program is to print in each mode, block by block. */
  async function run(out: string, virtual: number[], ...options: string[]) {
    tellSpeeds(lab.folder, { native: [100, 101, 99], virtual });
    return vgpubench(['run', speedsExperiment(lab), '--out', out, ...options], lab.folder);
  }

  before(async () => {
    const { exitCode, stderr } = await run('base', [80, 81, 79]);
    assert.equal(exitCode, 0, stderr);
  });

  for (const [outcome, code, virtual, element] of [
    ['passed', 0, [80, 80.5, 79.5], 'system-out'],
    ['failed', 1, [60, 61, 59], 'failure'],
    ['inconclusive', 3, [80, 60, 90], 'skipped'],
    ['incomplete', 4, [80, 81], 'error'],
  ] as const)
    it(`exits with ${code} where the gate has ${outcome}, and says so in junit.xml and summary.md`, async () => {
      const { exitCode, stdout } = await run(outcome, [...virtual], '--gate', 'base');
      assert.equal(exitCode, code, stdout);
      assert.match(stdout, new RegExp(`gate: ${outcome}`));
      const junit = read(outcome, 'junit.xml');
      assert.match(junit, new RegExp(`classname="gate" name="outcome"><${element}[ >]`));
      assert.match(read(outcome, 'summary.md'), new RegExp(`\\*\\*gate: ${outcome}`));
      assert.match(read(outcome, 'index.html'), new RegExp(`>Gate</h2>\\s*<p>gate: ${outcome}`));
    });

  it('is made again by report --gate, byte for byte', async () => {
    const files = ['junit.xml', 'summary.md', 'index.html', 'results.json'];
    const first = files.map((file) => read('failed', file));
    const { exitCode } = await vgpubench(['report', 'failed', '--gate', 'base'], lab.folder);
    assert.equal(exitCode, 1);
    assert.deepEqual(
      files.map((file) => read('failed', file)),
      first,
    );
  });

  it('refuses with 2 what it could not compare, before it touches the target', async () => {
    const { exitCode, stderr } = await vgpubench(
      ['run', speedsExperiment(lab, 'virtual'), '--out', 'refused', '--gate', 'base'],
      lab.folder,
    );
    assert.equal(exitCode, 2);
    assert.match(stderr, /VGB-COMPARE-BASELINE/);
  });
});
