/**
 * Runs the command line as a user does: the built one, if the test run has found that it matches these
 * sources; otherwise the sources themselves, with which each start takes three times as long.
 */
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';

const ROOT = join(import.meta.dirname, '../..');
const BUILT = join(ROOT, 'bin/vgpubench');
/** Which build is known to match its sources: a copy of the checkout is another one. */
const KNOWN = 'VGPUBENCH_TEST_BUILT';

/** Makes the test files that this process starts use the build, if it matches the current sources. */
export function useBuilt(): void {
  const { status } = spawnSync('sh', [join(ROOT, 'scripts/setup.sh'), 'built']);
  process.env[KNOWN] = status === 0 ? BUILT : '';
}

/** The arguments for node before the words that a user types. */
export const PROGRAM =
  process.env[KNOWN] === BUILT
    ? [BUILT]
    : ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'vgpubench.ts')];

/**
 * A test determines itself whether there are colours, and CI marks; those of the terminal or CI job that runs
 * it don't count. The program is called by its name, like an installed one.
 */
export const NEUTRAL = {
  ...{ FORCE_COLOR: undefined, NO_COLOR: undefined, GITHUB_ACTIONS: undefined, GITLAB_CI: undefined },
  PATH: [join(ROOT, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
};

/**
 * Starts `vgpubench ...` in `cwd`; resolves with exitCode, stdout and stderr whatever they are.
 * @param timeoutMs after which it is ended as by Ctrl-C: several times what it takes next to other tests
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
