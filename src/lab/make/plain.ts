/** Debian's packages without apt: signed index, checksums of everything it lists, plain HTTP. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labProblem } from '../lab-problem.ts';
import { run } from '../run.ts';
import type { Suite } from './archive.ts';
import { get } from './http.ts';
import { type Package, type Promised, newest, parsePackages, parseRelease } from './packages-index.ts';
import { verified } from './signed.ts';
import type { Heard, Way } from './way.ts';

const INDEX = 'main/binary-amd64/Packages.xz';
/** Ten times today's size. */
const LARGEST_RELEASE = 2 * 1024 * 1024;

interface Located extends Package {
  uri: string;
}

/**
 * @param folder A working folder.
 * @param keyring File with Debian's keys.
 */
export function plainWay(folder: string, keyring: string, signal: AbortSignal | undefined): Way {
  let known = new Map<string, Located>();
  return {
    async read(suites, old) {
      const missing: Suite[] = [];
      const all: Located[] = [];
      for (const suite of suites) {
        const found = await readSuite(suite, old);
        if (found === undefined) missing.push(suite);
        else all.push(...found);
      }
      known = newest(all);
      return missing;
    },
    dependsOf: (name) => Promise.resolve(known.get(name)?.depends ?? []),
    async download(names, into, heard) {
      const packages = names.map((name) => {
        const found = known.get(name);
        if (found !== undefined) return found;
        throw labProblem('VGB-LAB-PACKAGES', { message: `the archive has no package ${name}` });
      });
      await fetchAll(packages, into, heard, signal);
    },
  };

  async function readSuite({ uri, name }: Suite, old: boolean): Promise<Located[] | undefined> {
    const url = `${uri}/dists/${name}/InRelease`;
    const signed = await get(url, { most: LARGEST_RELEASE, signal });
    if (signed === undefined) return undefined;
    const release = parseRelease(await verified(signed, { url, keyring, folder, signal }));
    if (release.codename !== name) throw wrong(url, `the index of ${name}`, `that of ${release.codename}`);
    if (!old && release.validUntil !== undefined && release.validUntil < new Date())
      throw wrong(url, 'a current index', `one that expired on ${release.validUntil.toISOString()}`);
    const index = release.files.get(INDEX);
    if (index === undefined) throw wrong(url, `an index with ${INDEX}`, 'none in it');
    const packed = await checked(`${uri}/dists/${name}/${index.path}`, index, signal);
    const { stdout } = await run('xz', ['-dc'], { input: packed, signal });
    return parsePackages(stdout).map((one) => ({ ...one, uri }));
  }
}

async function fetchAll(
  packages: readonly Located[],
  folder: string,
  heard: Heard,
  signal: AbortSignal | undefined,
): Promise<void> {
  const total = packages.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const one of packages) {
    const content = await checked(`${one.uri}/${one.path}`, one, signal, (bytes) => {
      done += bytes;
      heard(done, total);
    });
    await writeFile(join(folder, fileName(one)), content);
  }
}

/** In apt's notation. */
function fileName({ name, version, architecture }: Package): string {
  return `${name}_${version.replaceAll(':', '%3a')}_${architecture}.deb`;
}

/** The file that the index promised. @throws Problem if it differs. */
async function checked(
  url: string,
  { size, sha256 }: Promised,
  signal: AbortSignal | undefined,
  heard?: (bytes: number) => void,
): Promise<Buffer> {
  const content = await get(url, { most: size, signal, ...(heard && { heard }) });
  if (content === undefined) throw wrong(url, `${size} bytes`, 'no such file');
  const found = createHash('sha256').update(content).digest('hex');
  if (found !== sha256) throw wrong(url, `SHA256 ${sha256}`, `${found}, of ${content.length} bytes`);
  return content;
}

function wrong(url: string, expected: string, found: string) {
  return labProblem('VGB-LAB-PACKAGES', {
    message: `${url} does not match Debian’s signed index`,
    expected,
    found,
    next: 'the mirror may be in the middle of an update: wait a few minutes, then: vgpubench lab up; or choose another: vgpubench lab up --mirror URL',
  });
}
