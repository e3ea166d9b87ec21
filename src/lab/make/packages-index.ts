/** Debian's indices, as text: what Release says about other files, and Packages about packages. */
import { compareVersions } from './debian-version.ts';

/** A file that an index names, and its expected content. */
export interface Promised {
  path: string;
  size: number;
  sha256: string;
}

export interface Package extends Promised {
  name: string;
  version: string;
  architecture: string;
  depends: string[];
}

export interface Release {
  codename: string;
  /** Undefined if it never expires. */
  validUntil: Date | undefined;
  files: ReadonlyMap<string, Promised>;
}

/** @param text A Release file whose signature was checked. */
export function parseRelease(text: string): Release {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1];
  const until = field('Valid-Until');
  const list = /^SHA256:\n((?: .*\n?)*)/m.exec(text)?.[1] ?? '';
  const files = [...list.matchAll(/^ ([0-9a-f]{64}) +(\d+) (\S+)$/gm)].map(
    ([, sha256 = '', size = '', path = '']): [string, Promised] => [
      path,
      { path, size: Number(size), sha256 },
    ],
  );
  return {
    codename: field('Codename') ?? '',
    validUntil: until === undefined ? undefined : new Date(until),
    files: new Map(files),
  };
}

/** @param text A Packages file: one paragraph per package. */
export function parsePackages(text: string): Package[] {
  return text.split('\n\n').flatMap((paragraph) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1] ?? '';
    const name = field('Package');
    if (name === '') return [];
    return [
      {
        name,
        version: field('Version'),
        architecture: field('Architecture'),
        depends: field('Depends')
          .split(',')
          .map((one) => one.trim().replace(/[\s:(|].*$/, ''))
          .filter((one) => one !== ''),
        path: field('Filename'),
        size: Number(field('Size')),
        sha256: field('SHA256'),
      },
    ];
  });
}

/** The newest version of each, by name; the first of equal ones. */
export function newest<P extends Package>(packages: Iterable<P>): Map<string, P> {
  const found = new Map<string, P>();
  for (const one of packages) {
    const known = found.get(one.name);
    if (known === undefined || compareVersions(one.version, known.version) > 0) found.set(one.name, one);
  }
  return found;
}
