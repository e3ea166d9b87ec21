/**
 * Where to get Debian 12's packages: a mirror chosen by the user, the default one or, one day, the archive.
 */
import { type Distribution, thisDistribution } from './distribution.ts';
import { type Source, readSources } from './sources.ts';

/** Two trees of packages: Debian's own, and its security updates. */
export interface Archive {
  main: string;
  security: string;
  /** Old releases are kept there for ever, so the age of their indices means nothing. */
  old?: true;
}

/** A part of an archive with its own index. */
export interface Suite {
  uri: string;
  name: string;
}

export const RELEASE = 'bookworm';

const DEFAULT: Archive = {
  main: 'http://deb.debian.org/debian',
  security: 'http://deb.debian.org/debian-security',
};

const OLD: Archive = {
  main: 'http://archive.debian.org/debian',
  security: 'http://archive.debian.org/debian-security',
  old: true,
};

/** Where the lab's packages are looked up; the newest version of all counts. */
export function suitesOf({ main, security }: Archive): [Suite, ...Suite[]] {
  return [
    { uri: main, name: RELEASE },
    { uri: main, name: `${RELEASE}-updates` },
    { uri: security, name: `${RELEASE}-security` },
  ];
}

/**
 * The archives to try, one after the other, until one has Debian 12.
 * @param mirror The user's choice, e.g. `http://ftp.example.org/debian`; security updates are expected next
 * to it, at
 *   `http://ftp.example.org/debian-security`. By default, the machine's own sources are used, if it is a
 *   Debian.
 * @param etc The folder of os-release and apt's sources.
 */
export function archives(mirror: string | undefined, etc = '/etc'): Archive[] {
  const chosen =
    mirror === undefined || mirror === ''
      ? ofSources(readSources(etc), thisDistribution(etc))
      : beside(trimmed(mirror));
  return [chosen, DEFAULT, OLD].filter(
    (one, index, all): one is Archive =>
      one !== undefined && all.findIndex((other) => other?.main === one.main) === index,
  );
}

function trimmed(uri: string): string {
  return uri.replace(/\/+$/, '');
}

function beside(main: string): Archive {
  return { main, security: `${main}-security` };
}

/** Third-party packages for Debian are in trees with other names, or have components other than `main`. */
function ofSources(sources: readonly Source[], { id, codename }: Distribution): Archive | undefined {
  if (id !== 'debian') return undefined;
  const releases = [codename, 'stable', 'testing', 'unstable', 'sid'];
  const find = (tree: RegExp, isSuite: (suite: string) => boolean) =>
    sources
      .filter(({ suites, components }) => components.includes('main') && suites.some(isSuite))
      .flatMap(({ uris }) => uris.map(trimmed))
      .find((uri) => tree.test(uri));
  const main = find(/^https?:.*\/debian(?:\/\d+T\d+Z)?$/, (suite) => releases.includes(suite));
  if (main === undefined) return undefined;
  const security = find(/^https?:.*debian-security/, (suite) => /-security$|\/updates$/.test(suite));
  return { ...beside(main), ...(security === undefined ? {} : { security }) };
}
