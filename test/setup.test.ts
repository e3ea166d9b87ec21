/**
 * scripts/setup.sh builds what is not built, and nothing else; npm is a stand-in that writes down its calls, apt-get one
 * that does nothing, and id one that says root, so that a machine without the packages is left as it is.
 */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { testFolder } from './support/directory.ts';

const NPM = `#!/bin/sh
echo "$*" >>calls
case $1 in
ci) mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json; touch -d '+1 second' node_modules/.package-lock.json ;;
run) [ -e broken ] && exit 2; mkdir -p dist/cli; for f in src/cli/*.ts; do cp "$f" "dist/cli/$(basename "$f" .ts).js"; done ;;
esac
`;

describe('scripts/setup.sh', () => {
  const folder = testFolder();
  const at = (...path: string[]) => join(folder, ...path);
  for (const path of ['scripts', 'bin', 'src/cli']) mkdirSync(at(path), { recursive: true });
  copyFileSync(join(import.meta.dirname, '../scripts/setup.sh'), at('scripts', 'setup.sh'));
  writeFileSync(at('bin', 'npm'), NPM);
  writeFileSync(at('bin', 'apt-get'), '#!/bin/sh\n');
  writeFileSync(at('bin', 'id'), '#!/bin/sh\necho 0\n');
  for (const name of ['npm', 'apt-get', 'id']) chmodSync(at('bin', name), 0o755);
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'])
    writeFileSync(at(file), '{}');
  for (const file of ['main.ts', 'other.ts']) writeFileSync(at('src', 'cli', file), 'one');

  const setupFor = (purpose: string) =>
    execa('sh', [at('scripts', 'setup.sh'), purpose], {
      reject: false,
      env: { PATH: `${at('bin')}:${process.env['PATH'] ?? ''}` },
    });
  const calls = () =>
    readFileSync(at('calls'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((call) => call.split(' --')[0] ?? '');

  /** What setup asked of npm. */
  async function setup(): Promise<string[]> {
    writeFileSync(at('calls'), '');
    await setupFor('start');
    return calls();
  }

  it('installs and builds a fresh checkout, and does nothing the second time', async () => {
    assert.deepEqual(await setup(), ['ci', 'run']);
    assert.deepEqual(await setup(), []);
  });

  const changes: [string, () => void][] = [
    [
      'a source was changed',
      () => {
        appendFileSync(at('src', 'cli', 'main.ts'), 'two');
      },
    ],
    [
      'a source was changed, and looks older than what was built',
      () => {
        writeFileSync(at('src', 'cli', 'main.ts'), 'three');
        utimesSync(at('src', 'cli', 'main.ts'), 1, 1);
      },
    ],
    [
      'a source was added',
      () => {
        writeFileSync(at('src', 'cli', 'new.ts'), '');
      },
    ],
    [
      'a source was removed',
      () => {
        rmSync(at('src', 'cli', 'new.ts'));
      },
    ],
    [
      'a part of what was built is gone',
      () => {
        rmSync(at('dist', 'cli', 'other.js'));
      },
    ],
    [
      'something else was built meanwhile',
      () => {
        writeFileSync(at('dist', 'cli', 'main.js'), 'x');
      },
    ],
    [
      'the compiler’s options were changed',
      () => {
        writeFileSync(at('tsconfig.build.json'), '{ }');
      },
    ],
    [
      'all that was built is gone',
      () => {
        rmSync(at('dist'), { recursive: true });
      },
    ],
  ];
  for (const [what, change] of changes)
    it(`builds, once, after ${what}`, async () => {
      change();
      assert.deepEqual(await setup(), ['run']);
      assert.deepEqual(await setup(), []);
    });

  it('says whether what was built is of these sources, and does nothing about it', async () => {
    const { exitCode } = await setupFor('built');
    appendFileSync(at('src', 'cli', 'main.ts'), 'four');
    writeFileSync(at('calls'), '');
    assert.deepEqual([exitCode, (await setupFor('built')).exitCode, calls()], [0, 1, []]);
    assert.deepEqual(await setup(), ['run']);
    assert.equal((await setupFor('built')).exitCode, 0);
  });

  it('installs and builds after package-lock.json was changed', async () => {
    writeFileSync(at('package-lock.json'), '{ }');
    const later = Date.now() / 1000 + 5;
    utimesSync(at('package-lock.json'), later, later);
    assert.deepEqual(await setup(), ['ci', 'run']);
  });

  it('builds again after a build that failed', async () => {
    rmSync(at('package-lock.json'));
    writeFileSync(at('package-lock.json'), '{ }');
    utimesSync(at('package-lock.json'), 1, 1);
    await setup();
    writeFileSync(at('broken'), '');
    appendFileSync(at('src', 'cli', 'main.ts'), 'more');
    assert.deepEqual(await setup(), ['run']);
    rmSync(at('broken'));
    assert.deepEqual(await setup(), ['run']);
    assert.deepEqual(await setup(), []);
  });
});
