/**
 * Debian's packages through apt, of any version or distribution: with its own lists, sources, keys and
 * caches, as an ordinary user. Of the system's settings, only those for network access apply.
 */
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { labProblem } from '../lab-problem.ts';
import { run } from '../run.ts';
import type { Suite } from './archive.ts';
import type { Heard, Way } from './way.ts';

/** The interval between progress checks, in ms. */
const LOOK_MS = 500;

export async function hasApt(): Promise<boolean> {
  const there = await Promise.all(
    ['apt-get', 'apt-cache'].map((program) => execa(program, ['--version'], { reject: false })),
  );
  return there.every(({ exitCode }) => exitCode === 0);
}

/**
 * @param folder For its lists and caches.
 * @param keyring A file with Debian's keys; no other file may be next to it.
 */
export function aptWay(folder: string, keyring: string, signal: AbortSignal | undefined): Way {
  const config = join(folder, 'apt.conf');
  const apt = (program: string, words: readonly string[], cwd = folder) =>
    run(program, ['-c', config, ...words], { cwd, env: { LC_ALL: 'C' }, timeoutMs: 900_000, signal });
  return {
    async read(suites, old) {
      await prepare(folder, settings(folder, keyring, old), suites);
      const { exitCode, all } = await apt('apt-get', ['update', '-q', '-o', 'APT::Update::Error-Mode=any']);
      const missing = exitCode === 0 ? [] : suites.filter((suite) => isMissing(suite, all));
      if (exitCode === 0 || missing.length > 0) return missing;
      throw failed('read the lists of Debian 12', all);
    },
    async dependsOf(name) {
      const { stdout } = await apt('apt-cache', ['depends', name]);
      return [...stdout.matchAll(/^ *\|?Depends: (\S+)$/gm)].map(([, one = '']) => one);
    },
    async download(names, into, heard) {
      const promised = await apt('apt-get', ['download', '--print-uris', ...names], into);
      const sizes = [...promised.stdout.matchAll(/^'\S+' \S+ (\d+) /gm)].map(([, size]) => Number(size));
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const watch = setInterval(() => void tell(into, total, heard), LOOK_MS);
      try {
        const { exitCode, all } = await apt('apt-get', ['download', '-q', ...names], into);
        if (exitCode !== 0) throw failed("download the lab's packages", all);
      } finally {
        clearInterval(watch);
      }
    },
  };
}

async function tell(folder: string, total: number, heard: Heard): Promise<void> {
  const files = await readdir(folder);
  const sizes = await Promise.all(
    // A file may have been renamed to its final name meanwhile.
    files.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  heard(
    sizes.reduce((sum, size) => sum + size, 0),
    total,
  );
}

/** apt's message if a suite has no index. */
function isMissing({ uri, name }: Suite, told: string): boolean {
  return ['does not have', 'no longer has'].some((words) =>
    told.includes(`The repository '${uri} ${name} Release' ${words} a Release file`),
  );
}

async function prepare(folder: string, conf: string, suites: readonly Suite[]): Promise<void> {
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'none'])
    await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'status'), '');
  await writeFile(join(folder, 'apt.conf'), conf);
  // For each suite, only this index is requested, even if the system is configured for translations or
  // contents, too.
  const lines = suites.map(({ uri, name }) => `deb [target=Packages] ${uri} ${name} main\n`);
  await writeFile(join(folder, 'sources.list'), lines.join(''));
}

function settings(folder: string, keyring: string, old: boolean): string {
  const values = {
    'APT::Architecture': 'amd64',
    // Another user could not write where only the cache's owner can.
    'APT::Sandbox::User': '',
    'Acquire::Check-Date': 'true',
    'Acquire::Check-Valid-Until': String(!old),
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': join(folder, 'none'),
    'Dir::Etc::trusted': join(folder, 'no-keys'),
    'Dir::Etc::trustedparts': dirname(keyring),
    'Dir::Etc::preferences': join(folder, 'no-preferences'),
    'Dir::Etc::preferencesparts': join(folder, 'none'),
  };
  return [
    '#clear APT::Architectures;',
    'APT::Architectures:: "amd64";',
    '#clear APT::Default-Release;',
    // Hooks that handle the system's own lists.
    ...['Pre-Invoke', 'Post-Invoke', 'Post-Invoke-Success', 'Post-Invoke-Stats'].map(
      (hook) => `#clear APT::Update::${hook};`,
    ),
    ...Object.entries(values).map(([name, value]) => `${name} "${value}";`),
    '',
  ].join('\n');
}

function failed(what: string, told: string) {
  return labProblem('VGB-LAB-PACKAGES', {
    message: `apt-get could not ${what}`,
    details: [told.slice(-800).trim()],
  });
}
