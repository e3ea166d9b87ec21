/** The scripts of a power, run as a host's shell runs them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/** Shells that hosts have as their sh: Debian's, others', and that of the smallest. */
export const SHELLS = [['dash'], ['bash', '--posix'], ['busybox', 'sh']] as const;

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

export function sh(script: string | undefined, [shell, ...args]: readonly string[] = ['sh']): Ran {
  assert.ok(script !== undefined && shell !== undefined);
  const { status, stdout, stderr } = spawnSync(shell, [...args, '-c', script], {
    encoding: 'utf8',
    // Of a pipe from Node, bash takes that it was started by sshd, and does what the user's .bashrc says.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status, stdout, stderr };
}

/** Waits a second where it would wait this many. */
export function hurried(script: string, ...seconds: number[]): string {
  for (const each of seconds) {
    assert.ok(script.includes(`timeout ${each} `), script);
    script = script.replaceAll(`timeout ${each} `, 'timeout 1 ');
  }
  return script;
}
