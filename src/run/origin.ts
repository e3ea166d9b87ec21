import { execa } from 'execa';
import type { Origin } from '../record/origin.ts';
import { oneLine } from '../words/printable.ts';
import { type Environment, ciOf } from './ci.ts';

/** Far longer than git takes, except for a repository on a hanging network drive. */
const PATIENCE_MS = 10_000;
/** The maximum length of any of its texts. */
const LONGEST = 300;

/**
 * What a run measured: the commit checked out in the experiment file's directory, the CI job, and the user's
 * own labels. What git does not report, such as the branch of a detached head, may come from the CI.
 * Undefined if nothing is known.
 */
export async function originOf(
  directory: string,
  labels: Readonly<Record<string, string>> = {},
  environment: Environment = process.env,
): Promise<Origin | undefined> {
  const told = ciOf(environment);
  const { commit, branch, dirty } = await checkedOut(directory);
  const origin: Origin = {
    ...known('commit', commit ?? told?.commit),
    ...known('branch', branch ?? told?.branch),
    ...known('dirty', dirty),
    ...(told === undefined
      ? {}
      : {
          ci: {
            system: told.ci.system,
            ...known('job', told.ci.job),
            ...known('url', withoutCredentials(told.ci.url)),
          },
        }),
    ...(Object.keys(labels).length === 0 ? {} : { labels: { ...labels } }),
  };
  return Object.keys(origin).length === 0 ? undefined : origin;
}

function known<Key extends string, Value extends string | boolean>(
  key: Key,
  value: Value | undefined,
): Partial<Record<Key, Value>> {
  if (value === undefined) return {};
  const short = typeof value === 'string' ? oneLine(value, LONGEST) : value;
  return { [key]: short } as Record<Key, Value>;
}

/** All undefined if the directory is not in a repository, or there is no git. */
async function checkedOut(directory: string): Promise<Pick<Origin, 'commit' | 'branch' | 'dirty'>> {
  const [commit, branch, status] = await Promise.all([
    git(directory, 'rev-parse', '--verify', '--quiet', 'HEAD'),
    git(directory, 'symbolic-ref', '--short', '--quiet', 'HEAD'),
    git(directory, 'status', '--porcelain', '--untracked-files=no'),
  ]);
  // Before its first commit a repository has nothing to report.
  if (commit === undefined) return {};
  return { commit, branch, dirty: status === undefined ? undefined : status !== '' };
}

/** Its output; undefined if it fails. Takes no lock, so that it does not disturb the user's git. */
async function git(directory: string, ...args: string[]): Promise<string | undefined> {
  const { failed, stdout } = await execa('git', ['-C', directory, ...args], {
    reject: false,
    stdin: 'ignore',
    timeout: PATIENCE_MS,
    env: { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
  });
  return failed ? undefined : stdout.trim();
}

/** Some CI systems put a user and password into the URL. */
function withoutCredentials(url: string | undefined): string | undefined {
  return url?.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
}
