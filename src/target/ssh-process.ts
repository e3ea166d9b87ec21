import { spawnSync } from 'node:child_process';
import { type ResultPromise, execa } from 'execa';

/**
 * Every ssh gets a session of its own (detached), so that a Ctrl-C at the terminal reaches vgpubench alone
 * and the targets can still be put back. They end by themselves when vgpubench dies, since their stdin does.
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

/** Has the kernel let an ssh go on when we die, so that one that was stopped ends then, too: util-linux's setpriv. */
const GOES_ON = ['setpriv', '--pdeathsig', 'CONT'];
let canGoOn: boolean | undefined;

/** Whether an ssh may be stopped: one that is would not notice that we have died. */
export function maySleep(): boolean {
  const [command = '', ...args] = GOES_ON;
  return (canGoOn ??= spawnSync(command, [...args, 'true'], { stdio: 'ignore' }).status === 0);
}

export function startSsh(args: readonly string[]): SshProcess {
  const [command, ...all] = maySleep() ? [...GOES_ON, 'ssh', ...args] : ['ssh', ...args];
  const process = execa(command ?? 'ssh', all, SSH_PROCESS);
  // A write to a process that just died is told by its end, not by EPIPE.
  process.stdin.on('error', () => undefined);
  return process;
}
