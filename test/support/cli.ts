/** Runs the command line as a user does, but from the sources: no build to wait for, and none to have forgotten. */
import { join } from 'node:path';
import { execa } from 'execa';

/** What node is given before the words that a user types. */
export const PROGRAM = ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'vgpubench.ts')];

/** A test says itself whether there are colours; those of the terminal or the CI job that runs it don't count. */
export const NEUTRAL = { FORCE_COLOR: undefined, NO_COLOR: undefined };

/** Starts `vgpubench ...` in `cwd`; resolves with exitCode, stdout and stderr whatever they are. */
export function vgpubench(args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  return execa(process.execPath, [...PROGRAM, ...args], {
    reject: false,
    timeout: 180_000,
    cwd,
    env: { ...NEUTRAL, ...env },
  });
}
