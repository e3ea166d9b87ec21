import { FramedShell } from './framed-shell.ts';
import type { LinkLost } from './link.ts';
import type { Address } from './ssh.ts';
import type { SshProcess } from './ssh-process.ts';
import { timer } from './timer.ts';

export interface CommandResult {
  /** null: it took longer than the limit and was killed. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  /** From when it is begun; default 30 s. */
  timeoutMs?: number;
}

/** More output of a request than this is cut, in bytes. */
const OUTPUT_BYTES = 1024 ** 2;

/** What was killed is to be told within this. */
const KILLED_MS = 5000;

/**
 * POSIX sh. Each request is run by a subshell with an empty stdin, so that an exit or a syntax error ends that one
 * alone.
 */
const PROGRAM = `[ -z "\${BASH_VERSION:-}" ] || set -o posix
printf '\\n%s open %s\\n' "$vgb_n" "$$"
while vgb_read; do
( { IFS=' ' read -r vgb_p vgb_l; } 2>/dev/null </proc/self/stat; printf '\\n%s begin %s\\n' "$vgb_n" "$vgb_p"
eval "$vgb_s" ) </dev/null
vgb_r=$?
printf '\\n%s end %s\\n' "$vgb_n" "$vgb_r"
printf '\\n%s end\\n' "$vgb_n" >&2
done`;

/**
 * The lifecycle shell: one that stays open as long as the connection does, in the connection's own session. What is
 * asked of the target (prepare, attest, count, undo) is asked here, one request after the other; a request costs a
 * round trip, and no ssh.
 */
export class LifecycleShell {
  readonly #shell: FramedShell;
  readonly #kill: (process: string) => Promise<void>;
  #last: Promise<unknown> = Promise.resolve();

  /** @param kill Ends a process there, and all that descend from it, by another way than this shell. */
  constructor(
    address: Address,
    process: SshProcess,
    gone: () => LinkLost | undefined,
    kill: (process: string) => Promise<void>,
  ) {
    this.#shell = new FramedShell(address, process, PROGRAM, OUTPUT_BYTES, gone);
    this.#kill = kill;
  }

  /** Waits until it stands. @throws LinkLost, with the server's words, where it does not within `limitMs`. */
  async opened(limitMs: number): Promise<void> {
    await this.#shell.next('out', limitMs);
  }

  get words(): string {
    return this.#shell.words;
  }

  /**
   * Runs one script for POSIX sh.
   * @throws LinkLost where the transport failed; a script that fails or takes too long is a result.
   */
  run(script: string, options: CommandOptions = {}): Promise<CommandResult> {
    const result = this.#last.then(() => this.#request(script, options));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #request(script: string, { timeoutMs = 30_000 }: CommandOptions): Promise<CommandResult> {
    const shell = this.#shell;
    shell.write(`${script}\n${shell.nonce}\n`);
    const begin = await shell.expect('begin');
    const answered = shell.expect('end');
    answered.catch(() => undefined);
    const deadline = timer(timeoutMs);
    const first = await Promise.race([answered, deadline.passed]).finally(deadline.clear);
    if (first !== 'passed')
      return { ...(await this.#result(first.payload)), exitCode: Number(first.words[1]) };
    await this.#kill(begin.words[1] ?? '');
    const killed = timer(KILLED_MS);
    const end = await Promise.race([answered, killed.passed]).finally(killed.clear);
    if (end === 'passed') {
      shell.close();
      throw shell.lost(`a command took longer than ${timeoutMs / 1000} s and could not be killed`);
    }
    return { ...(await this.#result(end.payload)), exitCode: null };
  }

  async #result(stdout: Buffer): Promise<{ stdout: string; stderr: string }> {
    const { payload } = await this.#shell.next('err', KILLED_MS);
    return { stdout: stdout.toString('utf8'), stderr: payload.toString('utf8') };
  }
}
