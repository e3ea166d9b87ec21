import { randomBytes } from 'node:crypto';
import { type Frame, FrameReader } from './frames.ts';
import { linkLost } from './link.ts';
import { type Master, tail, timer } from './master.ts';
import { quote } from '../words/quote.ts';
import type { Address } from './ssh.ts';

export interface CommandResult {
  /** null: it took longer than the limit and was killed. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  /** Default 30 s. */
  timeoutMs?: number;
  /** More output than this is cut; default 1 MiB. */
  outputBytes?: number;
  shell?: string;
}

/**
 * The lifecycle channel: one ssh for one script (prepare, attest, kill, fetch). The script's stdin is empty.
 * It has ended when its shell says so: ssh's own exit status, 255 for a lost link, could be the script's.
 * @throws LinkLost where the transport failed; a script that fails or takes too long is a result.
 */
export async function runCommand(
  address: Address,
  master: Master,
  script: string,
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { timeoutMs = 30_000, outputBytes = 1024 ** 2, shell = 'sh' } = options;
  const nonce = randomBytes(16).toString('hex');
  const process = master.session(`exec ${shell}`);
  const stderr = tail(process.stderr);
  const reader = new FrameReader(nonce, outputBytes);
  const frames: Frame[] = [];
  process.stdout.on('data', (chunk: Buffer) => frames.push(...reader.push(chunk)));
  process.stdin.on('error', () => undefined);
  // eval: a syntax error in the script ends its subshell, not the shell that tells how it ended.
  process.stdin.end(
    `printf '\\n%s begin %s\\n' ${nonce} $$\n( eval ${quote(script)} ) </dev/null\nprintf '\\n%s end %s\\n' ${nonce} $?\n`,
  );
  const deadline = timer(timeoutMs);
  const ended = await Promise.race([process, deadline.passed]);
  deadline.clear();
  const [begin, end] = frames;
  if (ended === 'passed') {
    process.kill('SIGKILL');
    if (begin?.words[1] !== undefined) await killGroup(master, begin.words[1]);
    return { exitCode: null, stdout: '', stderr: stderr() };
  }
  if (end?.words[0] !== 'end')
    throw master.gone ?? linkLost(address, 'a command could not be run to its end', stderr());
  return { exitCode: Number(end.words[1]), stdout: end.payload.toString('utf8'), stderr: stderr() };
}

async function killGroup(master: Master, group: string): Promise<void> {
  const killer = master.session('exec sh');
  killer.stdin.on('error', () => undefined);
  killer.stdin.end(`kill -KILL -${group}\n`);
  const deadline = timer(10_000);
  if ((await Promise.race([killer, deadline.passed])) === 'passed') killer.kill('SIGKILL');
  deadline.clear();
}
