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

export function startSsh(args: readonly string[]): SshProcess {
  const process = execa('ssh', args, SSH_PROCESS);
  // A write to a process that just died is told by its end, not by EPIPE.
  process.stdin.on('error', () => undefined);
  return process;
}
