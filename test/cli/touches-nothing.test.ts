/** What is only read: no command of it is run here, and nothing is connected to. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { vgpubench } from '../support/cli.ts';
import { testFolder } from '../support/directory.ts';
import { writeRun } from './run-directories.ts';

describe('an experiment or a run that somebody else made', () => {
  const folder = testFolder();
  const trace = join(folder, 'trace');
  const config = join(folder, 'ssh_config');
  // Whoever connects to a target, or asks ssh what an alias means, runs these.
  writeFileSync(config, `Match exec "touch ${trace}"\nHost *\n  ProxyCommand touch ${trace}; false\n`);
  const targets = `{ ${['a', 'b', 'c'].map((name) => `${name}: { ssh: ${name}, config: ${config} }`).join(', ')} }`;
  const [run, other] = [1, 2].map((seed) => writeRun(join(folder, `run-${seed}`), { seed, targets })) as [
    string,
    string,
  ];
  const experiment = join(run, 'experiment.yaml');
  const wrong = join(folder, 'wrong.yaml');
  writeFileSync(wrong, `targets: ${targets}\nmodes: {}\n`);

  for (const [args, code] of [
    [['schema', 'experiment'], 0],
    [['list', 'modes'], 0],
    [['plan', experiment], 0],
    [['run', wrong], 2],
    [['doctor', wrong], 2],
    [['report', run, '--gate', other], 0],
    [['report', run, '--salvage', '--redact'], 0],
    [['compare', run, other], 0],
  ] as const)
    it(`is not touched by ${args.map((word) => word.replace(`${folder}/`, '')).join(' ')}`, async () => {
      const { exitCode, stderr } = await vgpubench(args, folder);
      assert.equal(exitCode, code, stderr);
      assert.equal(existsSync(trace), false);
    });

  it('is by doctor, which connects', async () => {
    await vgpubench(['doctor', experiment], folder);
    assert.equal(existsSync(trace), true);
  });
});
