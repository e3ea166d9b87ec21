/**
 * Runs the command line as a user does: what was built, where the run of tests has found that it was from these very
 * sources; the sources themselves otherwise, where each start takes three times as long.
 */
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';

const ROOT = join(import.meta.dirname, '../..');
const BUILT = join(ROOT, 'bin/vgpubench');
/** Which one is known to be from its sources: a copy of the checkout is another. */
const KNOWN = 'VGPUBENCH_TEST_BUILT';

/** Has the test files that this process starts use what was built, where that is from the sources as they are. */
export function useBuilt(): void {
  const { status } = spawnSync('sh', [join(ROOT, 'scripts/setup.sh'), 'built']);
  process.env[KNOWN] = status === 0 ? BUILT : '';
}

/** What node is given before the words that a user types. */
export const PROGRAM =
  process.env[KNOWN] === BUILT
    ? [BUILT]
    : ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'vgpubench.ts')];

/**
 * A test says itself whether there are colours, and marks of a CI; those of the terminal or the CI job that runs it don't
 * count. The program is called by its name, as one that is installed.
 */
export const NEUTRAL = {
  ...{ FORCE_COLOR: undefined, NO_COLOR: undefined, GITHUB_ACTIONS: undefined, GITLAB_CI: undefined },
  PATH: [join(ROOT, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
};

/**
 * Starts `vgpubench ...` in `cwd`; resolves with exitCode, stdout and stderr whatever they are.
 * @param timeoutMs after which it is ended as by Ctrl-C: several times what it takes beside other tests
 */
export function vgpubench(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
  timeoutMs = 180_000,
) {
  return execa(process.execPath, [...PROGRAM, ...args], {
    reject: false,
    timeout: timeoutMs,
    cwd,
    env: { ...NEUTRAL, ...env },
  });
}
