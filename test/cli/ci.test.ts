/** A gate in a job of GitHub's or GitLab's: by the variables that they set, and by nothing else. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { vgpubench } from '../support/cli-in-process.ts';
import { testFolder } from '../support/directory.ts';
import { writeRun } from './run-directories.ts';

const COMMAND = /^::(error|warning|notice) /m;

describe('a gate in a CI', () => {
  const folder = testFolder();
  const at = (...names: string[]) => join(folder, ...names);
  writeRun(at('base'), { seed: 1 });
  writeRun(at('head'), {
    seed: 2,
    value: ({ mode }, _, noise) => 100 * (mode === 'slow' ? 1.3 : 1) * Math.exp(0.01 * noise),
  });

  for (const [command, ...args] of [
    ['compare', 'base', 'head'],
    ['report', 'head', '--gate', 'base'],
  ] as const) {
    const call = (env: Record<string, string>) => vgpubench([command, ...args], folder, env);

    it(`is annotated and in the step’s summary on GitHub: ${command}`, async () => {
      const summary = at(`${command}.summary.md`);
      writeFileSync(summary, 'of a step before\n');
      const { exitCode, stdout, stderr } = await call({
        GITHUB_ACTIONS: 'true',
        GITHUB_STEP_SUMMARY: summary,
      });
      assert.equal(exitCode, 1, stderr);
      assert.match(stderr, /^::error title=gate::failed/m);
      assert.match(stderr, /^::error title=slower%3A slow%2C work%3A time::/m);
      assert.doesNotMatch(stdout, COMMAND);
      assert.match(readFileSync(summary, 'utf8'), /^of a step before\n### simulated[\s\S]*\*\*gate: failed/);
    });

    it(`leaves a summary as it is that has no room, and says so: ${command}`, async () => {
      const full = at(`${command}.full.md`);
      writeFileSync(full, 'x'.repeat(2 ** 20));
      const { exitCode, stderr } = await call({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: full });
      assert.equal(exitCode, 1);
      assert.match(stderr, /this summary does not fit/);
      assert.equal(readFileSync(full, 'utf8').length, 2 ** 20);
    });

    it(`stands where the summary can’t be written: ${command}`, async () => {
      const { exitCode, stderr } = await call({
        GITHUB_ACTIONS: 'true',
        GITHUB_STEP_SUMMARY: at('none/x.md'),
      });
      assert.equal(exitCode, 1);
      assert.match(stderr, /could not write for the CI: .*ENOENT/);
    });

    it(`leaves a metrics and a code-quality report on GitLab: ${command}`, async () => {
      const cwd = at(`gitlab-${command}`);
      mkdirSync(cwd);
      const there = args.map((one) => (one.startsWith('-') ? one : join('..', one)));
      const { exitCode, stderr } = await vgpubench([command, ...there], cwd, { GITLAB_CI: 'true' });
      assert.equal(exitCode, 1, stderr);
      assert.match(
        readFileSync(join(cwd, 'metrics.txt'), 'utf8'),
        /^vgpubench_relative_performance_ratio\{/m,
      );
      assert.match(readFileSync(join(cwd, 'gl-code-quality-report.json'), 'utf8'), /perf-regression/);
      assert.doesNotMatch(stderr, COMMAND);
    });

    it(`leaves nothing elsewhere: ${command}`, async () => {
      const before = readdirSync(folder);
      const { stderr } = await call({ CI: 'true' });
      assert.doesNotMatch(stderr, COMMAND);
      assert.deepEqual(readdirSync(folder), before);
    });
  }

  it('is not there where there is no gate', async () => {
    const { exitCode, stderr } = await vgpubench(['report', 'head'], folder, {
      ...{ GITHUB_ACTIONS: 'true', GITLAB_CI: 'true', GITHUB_STEP_SUMMARY: at('no-gate.md') },
    });
    assert.equal(exitCode, 0, stderr);
    assert.doesNotMatch(stderr, COMMAND);
    assert.ok(!existsSync(at('no-gate.md')) && !existsSync(at('metrics.txt')));
  });
});
