/** What CI systems say about a job in its environment, according to their documentation. */
import type { Origin } from '../record/origin.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

type Told = Pick<Origin, 'commit' | 'branch'> & { ci: NonNullable<Origin['ci']> };

interface System {
  name: string;
  /** Set in its jobs, and nowhere else. */
  mark: string;
  commit: string;
  /** The first one that is set; those of a merge request come before those of its checkout. */
  branch: readonly string[];
  job: readonly string[];
  /** The URL of the job’s page, with variables in braces; none if one of them is not set. */
  url: string;
}

const SYSTEMS: readonly System[] = [
  {
    name: 'GitHub Actions',
    mark: 'GITHUB_ACTIONS',
    commit: 'GITHUB_SHA',
    branch: ['GITHUB_HEAD_REF', 'GITHUB_REF_NAME'],
    job: ['GITHUB_JOB'],
    url: '{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}',
  },
  {
    name: 'GitLab CI',
    mark: 'GITLAB_CI',
    commit: 'CI_COMMIT_SHA',
    branch: ['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME', 'CI_COMMIT_REF_NAME'],
    job: ['CI_JOB_NAME'],
    url: '{CI_JOB_URL}',
  },
  {
    name: 'Jenkins',
    mark: 'JENKINS_URL',
    commit: 'GIT_COMMIT',
    branch: ['CHANGE_BRANCH', 'BRANCH_NAME', 'GIT_BRANCH'],
    job: ['JOB_NAME'],
    url: '{BUILD_URL}',
  },
  {
    name: 'Buildkite',
    mark: 'BUILDKITE',
    commit: 'BUILDKITE_COMMIT',
    branch: ['BUILDKITE_BRANCH'],
    job: ['BUILDKITE_LABEL', 'BUILDKITE_PIPELINE_SLUG'],
    url: '{BUILDKITE_BUILD_URL}#{BUILDKITE_JOB_ID}',
  },
];

/** Undefined outside a job of a known system. */
export function ciOf(environment: Environment): Told | undefined {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const system = SYSTEMS.find(({ mark }) => read(mark) !== undefined);
  if (system === undefined) return undefined;
  const first = (names: readonly string[]) => names.map(read).find((value) => value !== undefined);
  return {
    ci: { system: system.name, job: first(system.job), url: filled(system.url, read) },
    // Buildkite may set HEAD here, which means nothing.
    commit: [read(system.commit)].find((one) => one !== undefined && /^[0-9a-f]{7,64}$/i.test(one)),
    branch: first(system.branch),
  };
}

function filled(template: string, read: (name: string) => string | undefined): string | undefined {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  if (names.some((name) => read(name) === undefined)) return undefined;
  return template.replace(/\{(\w+)\}/g, (_, name: string) => read(name) ?? '');
}
