import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { execa } from 'execa';
import { originOf } from '../../src/run/origin.ts';
import { testFolder } from '../support/directory.ts';

const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';

describe('where a run comes from', () => {
  const folder = testFolder();
  const repository = join(folder, 'repository');
  const experiments = join(repository, 'experiments');
  const git = async (...args: string[]) => {
    const own = [
      '-c',
      'user.name=nobody',
      '-c',
      'user.email=nobody@example.org',
      '-c',
      'commit.gpgsign=false',
    ];
    return (await execa('git', ['-C', repository, ...own, ...args])).stdout;
  };
  let commit = '';

  before(async () => {
    mkdirSync(experiments, { recursive: true });
    await git('init', '--quiet', '--initial-branch', 'topic');
    assert.equal(await originOf(experiments, {}, {}), undefined, 'before its first commit');
    writeFileSync(join(experiments, 'e.yaml'), 'name: one\n');
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'one');
    commit = await git('rev-parse', 'HEAD');
  });

  it('is nothing where there is neither a repository nor a CI job', async () => {
    assert.equal(await originOf(folder, {}, {}), undefined);
    assert.equal(await originOf(join(folder, 'none'), {}, {}), undefined);
  });

  it('is the commit and branch of the repository that the experiment file is in', async () => {
    assert.deepEqual(await originOf(experiments, {}, {}), { commit, branch: 'topic', dirty: false });
  });

  it('is dirty where files that git follows were changed, and not where there are others', async () => {
    writeFileSync(join(repository, 'untracked'), '');
    assert.equal((await originOf(experiments, {}, {}))?.dirty, false);
    writeFileSync(join(experiments, 'e.yaml'), 'name: two\n');
    assert.equal((await originOf(experiments, {}, {}))?.dirty, true);
    await git('checkout', '--quiet', '.');
  });

  it('has the branch from CI where the head is detached, and the commit that git has', async () => {
    const environment = {
      ...{
        GITHUB_ACTIONS: 'true',
        GITHUB_SHA: COMMIT,
        GITHUB_HEAD_REF: 'feature',
        GITHUB_REF_NAME: '7/merge',
      },
      ...{ GITHUB_JOB: 'bench', GITHUB_RUN_ID: '42', GITHUB_REPOSITORY: 'org/repo' },
      GITHUB_SERVER_URL: 'https://github.example',
    };
    await git('checkout', '--quiet', '--detach');
    assert.deepEqual(await originOf(experiments, {}, environment), {
      commit,
      branch: 'feature',
      dirty: false,
      ci: { system: 'GitHub Actions', job: 'bench', url: 'https://github.example/org/repo/actions/runs/42' },
    });
    await git('checkout', '--quiet', 'topic');
    assert.equal((await originOf(experiments, {}, environment))?.branch, 'topic');
  });

  it('is what CI tells where there is no repository, without a password in its address', async () => {
    assert.deepEqual(
      await originOf(
        folder,
        {},
        {
          ...{ GITLAB_CI: 'true', CI_COMMIT_SHA: COMMIT, CI_COMMIT_REF_NAME: 'main', CI_JOB_NAME: 'bench' },
          CI_JOB_URL: 'https://gitlab.example/a/-/jobs/1',
        },
      ),
      {
        commit: COMMIT,
        branch: 'main',
        ci: { system: 'GitLab CI', job: 'bench', url: 'https://gitlab.example/a/-/jobs/1' },
      },
    );
    assert.deepEqual(
      await originOf(
        folder,
        {},
        {
          ...{
            JENKINS_URL: 'https://j',
            GIT_COMMIT: COMMIT,
            GIT_BRANCH: 'origin/main',
            JOB_NAME: 'bench/main',
          },
          BUILD_URL: 'https://emmy:secret@jenkins.example/job/1/',
        },
      ),
      {
        commit: COMMIT,
        branch: 'origin/main',
        ci: { system: 'Jenkins', job: 'bench/main', url: 'https://jenkins.example/job/1/' },
      },
    );
    assert.deepEqual(
      await originOf(
        folder,
        {},
        {
          ...{
            BUILDKITE: 'true',
            BUILDKITE_COMMIT: 'HEAD',
            BUILDKITE_BRANCH: 'main',
            BUILDKITE_LABEL: 'bench',
          },
          ...{ BUILDKITE_BUILD_URL: 'https://buildkite.example/b/1', BUILDKITE_JOB_ID: 'x' },
        },
      ),
      { branch: 'main', ci: { system: 'Buildkite', job: 'bench', url: 'https://buildkite.example/b/1#x' } },
    );
  });

  it('is one line each, whatever the variables hold, and has the labels as they were given', async () => {
    const environment = { GITLAB_CI: 'true', CI_JOB_NAME: `a\n\u001b[2J${'x'.repeat(1000)}` };
    const found = await originOf(folder, { driver: '550.54' }, environment);
    assert.deepEqual(found?.labels, { driver: '550.54' });
    const job = found.ci?.job ?? '';
    assert.match(job, /^a ␛\[2Jx+…$/);
    assert.equal(job.length, 300);
  });
});
