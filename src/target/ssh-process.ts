import { spawnSync } from 'node:child_process';
import { type ResultPromise, execa } from 'execa';

/**
 * Every ssh gets its own session (detached), so that Ctrl-C at the terminal reaches only vgpubench and
 * targets can still be restored. They end by themselves when vgpubench dies, because their stdin does.
 */
const SSH_PROCESS = {
  stdin: 'pipe',
  stdout: 'pipe',
  stderr: 'pipe',
  buffer: false,
  reject: false,
  detached: true,
  cleanup: false,
  encoding: 'buffer',
} as const;

export type SshProcess = ResultPromise<typeof SSH_PROCESS>;

/**
 * Makes the kernel continue an ssh when we die, so that a stopped one ends then, too: util-linux's setpriv.
 */
const GOES_ON = ['setpriv', '--pdeathsig', 'CONT'];
let canGoOn: boolean | undefined;

/** Whether an ssh may be stopped: a stopped one would not notice that we died. */
export function maySleep(): boolean {
  const [command = '', ...args] = GOES_ON;
  return (canGoOn ??= spawnSync(command, [...args, 'true'], { stdio: 'ignore' }).status === 0);
}

export function startSsh(args: readonly string[]): SshProcess {
  const [command, ...all] = maySleep() ? [...GOES_ON, 'ssh', ...args] : ['ssh', ...args];
  const process = execa(command ?? 'ssh', all, SSH_PROCESS);
  // A write to a process that just died is reported by its end, not by EPIPE.
  process.stdin.on('error', () => undefined);
  return process;
}
