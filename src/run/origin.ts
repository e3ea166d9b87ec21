import { execa } from 'execa';
import type { Origin } from '../record/origin.ts';
import { oneLine } from '../words/printable.ts';
import { type Environment, ciOf } from './ci.ts';

/** Far longer than git takes but for a repository on a network drive that hangs. */
const PATIENCE_MS = 10_000;
/** Of any text of it. */
const LONGEST = 300;

/**
 * Where a run comes from: what git has checked out in the experiment file's directory, the CI job that it is part of, and
 * the user's own labels. What git does not tell, as with a detached head, CI may. Undefined where nothing is known.
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

/** All undefined where the directory is in no repository, or there is no git. */
async function checkedOut(directory: string): Promise<Pick<Origin, 'commit' | 'branch' | 'dirty'>> {
  const [commit, branch, status] = await Promise.all([
    git(directory, 'rev-parse', '--verify', '--quiet', 'HEAD'),
    git(directory, 'symbolic-ref', '--short', '--quiet', 'HEAD'),
    git(directory, 'status', '--porcelain', '--untracked-files=no'),
  ]);
  // Before its first commit a repository has nothing that a run could be made from.
  if (commit === undefined) return {};
  return { commit, branch, dirty: status === undefined ? undefined : status !== '' };
}

/** What it prints; undefined where it fails. It takes no lock, so that it disturbs no git that a user runs meanwhile. */
async function git(directory: string, ...args: string[]): Promise<string | undefined> {
  const { failed, stdout } = await execa('git', ['-C', directory, ...args], {
    reject: false,
    stdin: 'ignore',
    timeout: PATIENCE_MS,
    env: { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
  });
  return failed ? undefined : stdout.trim();
}

/** Some CI systems are reached by a user and password in the address. */
function withoutCredentials(url: string | undefined): string | undefined {
  return url?.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
}
