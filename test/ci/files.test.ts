/**
 * The files for CIs in docs/ci. GitHub's are read by GitHub's own parser of workflows, Kubernetes' by its API's schema. Of
 * GitLab's and Jenkins' formats no schema is at hand as a package: their structure is looked at here. All their scripts are
 * run, with a vgpubench that exits with each code.
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } from '@actions/workflow-parser';
import { execa } from 'execa';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { parse } from 'yaml';
import { testFolder } from '../support/directory.ts';

const textOf = (name: string) => readFileSync(join(import.meta.dirname, '../../docs/ci', name), 'utf8');
const CODES = [0, 1, 2, 3, 4, 130];

interface Script {
  text: string;
  env: Record<string, string>;
}

describe('the files for CIs', () => {
  const folder = testFolder();

  /** Runs a script where vgpubench exits with that code. @returns its exit code, and what vgpubench was asked */
  async function withCode({ text, env }: Script, code: number, baseline = true) {
    const cwd = mkdtempSync(join(folder, 'job-'));
    const bin = join(cwd, 'bin');
    mkdirSync(bin);
    if (baseline) {
      mkdirSync(join(cwd, 'reports/baselines/gpu'), { recursive: true });
      writeFileSync(join(cwd, 'reports/baselines/gpu/main.json'), '{}');
    }
    for (const name of ['npx', 'vgpubench']) {
      writeFileSync(join(bin, name), `#!/bin/sh\necho "$*" >>"${cwd}/asked"\nexit ${code}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const path = [bin, process.env['PATH'] ?? ''].join(delimiter);
    // As GitHub and GitLab run them: the first command that fails ends it.
    const { exitCode } = await execa('sh', ['-ec', text], {
      cwd,
      reject: false,
      env: { ...env, PATH: path },
    });
    return { exitCode, asked: readFileSync(join(cwd, 'asked'), 'utf8').trim() };
  }

  const exitsOf = async (script: Script) =>
    Promise.all(CODES.map(async (code) => (await withCode(script, code)).exitCode));

  for (const name of ['github.yml', 'github-shards.yml'])
    it(`are workflows by GitHub’s own parser: ${name}`, async () => {
      const parsed = parseWorkflow({ name, content: textOf(name) }, new NoOperationTraceWriter());
      assert.ok(parsed.value);
      const template = await convertWorkflowTemplate(parsed.context, parsed.value);
      assert.deepEqual(parsed.context.errors.getErrors(), []);
      assert.ok(template.jobs.length > 0);
    });

  it('are found out by that parser where they are wrong', () => {
    const content = textOf('github.yml').replace('runs-on:', 'run-on:');
    const parsed = parseWorkflow({ name: 'x.yml', content }, new NoOperationTraceWriter());
    assert.match(parsed.context.errors.getErrors().join('\n'), /run-on/);
  });

  const stepOf = (name: string, job: string, pattern: RegExp): string => {
    const { jobs } = parse(textOf(name)) as { jobs: Record<string, { steps: { run?: string }[] }> };
    const run = jobs[job]?.steps.map((step) => step.run ?? '').find((text) => pattern.test(text));
    assert.ok(run);
    return run;
  };

  it('have GitHub’s job pass an inconclusive gate, and fail as vgpubench does otherwise', async () => {
    const text = stepOf('github.yml', 'performance', /vgpubench run/);
    const env = { EXPERIMENT: 'gpu.yaml', NAME: 'gpu', GITHUB_REF: 'refs/heads/x' };
    assert.deepEqual(await exitsOf({ text, env }), [0, 1, 2, 0, 4, 130]);
    assert.equal(
      (await withCode({ text, env }, 0)).asked,
      'vgpubench run gpu.yaml --out reports/ci --gate @main',
    );
    const main = { text, env: { ...env, GITHUB_REF: 'refs/heads/main' } };
    assert.equal(
      (await withCode(main, 0, false)).asked,
      'vgpubench run gpu.yaml --out reports/ci --save-baseline main',
    );
  });

  it('have GitHub’s merge do the same', async () => {
    const text = stepOf('github-shards.yml', 'merge', /vgpubench merge/);
    const env = { NAME: 'gpu' };
    assert.deepEqual(await exitsOf({ text, env }), [0, 1, 2, 0, 4, 130]);
    assert.match(
      (await withCode({ text, env }, 0)).asked,
      /^vgpubench merge .* --save-baseline main --gate @main$/,
    );
  });

  it('have no expression of GitHub’s in a script, where a name could become a command', () => {
    for (const name of ['github.yml', 'github-shards.yml']) {
      const { jobs } = parse(textOf(name)) as { jobs: Record<string, { steps: { run?: string }[] }> };
      for (const { run = '' } of Object.values(jobs).flatMap(({ steps }) => steps))
        assert.doesNotMatch(run, /\$\{\{/);
    }
  });

  it('have GitLab’s job exit as vgpubench does, and 3 allowed', async () => {
    const jobs = parse(textOf('gitlab-ci.yml')) as Record<string, Record<string, unknown>>;
    const job = jobs['gpu-performance'];
    assert.ok(job);
    const known = [
      'tags',
      'resource_group',
      'timeout',
      'rules',
      'variables',
      'cache',
      'script',
      'allow_failure',
      'artifacts',
    ];
    assert.deepEqual(
      Object.keys(job).filter((key) => !known.includes(key)),
      [],
    );
    assert.deepEqual(job['allow_failure'], { exit_codes: [3] });
    assert.deepEqual(job['artifacts'], {
      when: 'always',
      paths: ['reports/ci'],
      reports: {
        junit: 'reports/ci/junit.xml',
        metrics: 'metrics.txt',
        codequality: 'gl-code-quality-report.json',
      },
    });
    const text = (job['script'] as string[]).filter((line) => !line.startsWith('npm ')).join('\n');
    const env = { EXPERIMENT: 'gpu.yaml', NAME: 'gpu', CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main' };
    assert.deepEqual(await exitsOf({ text, env }), CODES);
    assert.equal(
      (await withCode({ text, env }, 0)).asked,
      'vgpubench run gpu.yaml --out reports/ci --gate @main --save-baseline main',
    );
  });

  it('have Jenkins’ script exit as vgpubench does, 3 be unstable, and all brackets closed', async () => {
    const text = textOf('Jenkinsfile');
    const [, script = ''] = /'''([\s\S]*?)'''/.exec(text) ?? [];
    const env = { EXPERIMENT: 'gpu.yaml', NAME: 'gpu', BRANCH_NAME: 'x' };
    assert.deepEqual(await exitsOf({ text: script, env }), CODES);
    assert.match(text, /if \(code == 3\) \{\s*unstable /);
    assert.match(text, /else if \(code != 0\) \{\s*error /);
    const code = text.replace(/\/\/.*$/gm, '').replace(/'''[\s\S]*?'''|'[^'\n]*'|"[^"\n]*"/g, '');
    const open: string[] = [];
    for (const bracket of code.match(/[{}()[\]]/g) ?? [])
      if ('{(['.includes(bracket)) open.push(bracket);
      else assert.equal(`${open.pop() ?? ''}${bracket}`.replace(/^(\{\}|\(\)|\[\])$/, ''), '');
    assert.deepEqual(open, []);
  });

  it('have a Job by Kubernetes’ own schema, that leaves what figures say to merge', async () => {
    const manifest = parse(textOf('kubernetes-job.yaml')) as ConstructorParameters<typeof Job>[0];
    const job = new Job(manifest);
    assert.doesNotThrow(() => {
      job.validate();
    });
    assert.throws(() => {
      new Job({ ...manifest, spec: { ...manifest?.spec, completions: 'four' } } as never).validate();
    });
    const [container] = job.spec?.template.spec?.containers ?? [];
    const text = container?.args?.[0] ?? '';
    const env = { JOB_COMPLETION_INDEX: '2', SHARDS: '4', RUNS: join(folder, 'runs') };
    assert.deepEqual(await exitsOf({ text, env }), [0, 0, 2, 0, 0, 130]);
    assert.equal(
      (await withCode({ text, env }, 0)).asked,
      `run gpu.yaml --shard 3/4 --out ${join(folder, 'runs/3')}`,
    );
  });
});
