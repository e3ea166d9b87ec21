import { FramedShell } from './framed-shell.ts';
import type { Frame } from './frames.ts';
import { CHANGE_SCRIPT } from './change-script.ts';
import { END_SCRIPT } from './end-script.ts';
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
  /** From when it begins; default 30 s. */
  timeoutMs?: number;
}

/** The limit beyond which output of a request is truncated, in bytes. */
const OUTPUT_BYTES = 1024 ** 2;

/** A shell that has not begun a request within this time, in ms, no longer can. */
const BEGUN_MS = 14_000;

/** The end of what was killed must be reported within this time. */
const KILLED_MS = 5000;

/**
 * POSIX sh. What is sent, and what is read from /proc, is short: a shell reads its input byte by byte, each
 * with a system call, which in a paravirtual guest under emulation takes some 60 us. Each request is run by a
 * subshell with an empty stdin, so that an exit or a syntax error ends only that one. It contains the code
 * that ends a trial from the start: that is needed most when nothing can be created or found any more.
 */
const PROGRAM = `[ -z "\${BASH_VERSION:-}" ] || set -o posix
${END_SCRIPT}
${CHANGE_SCRIPT}
printf '\\n%s open %s\\n' "$vgb_n" "$$"
while vgb_read; do
( for vgb_p in /proc/self/task/*; do vgb_p=\${vgb_p##*/}; done; printf '\\n%s begin %s\\n' "$vgb_n" "\${vgb_p#\\*}"
eval "$vgb_s" ) </dev/null
vgb_r=$?
printf '\\n%s end %s\\n' "$vgb_n" "$vgb_r"
printf '\\n%s end\\n' "$vgb_n" >&2
done`;

/**
 * The lifecycle shell: one that stays open as long as the connection does, in the connection's own session.
 * All requests to the target (prepare, attest, count, undo) go here, one after the other; a request costs a
 * round trip, and no ssh.
 */
export class LifecycleShell {
  readonly #shell: FramedShell;
  readonly #kill: (process: string) => Promise<void>;
  #last: Promise<unknown> = Promise.resolve();

  /** @param kill Ends the process that runs a request, and what it has started, without this shell. */
  constructor(
    address: Address,
    process: SshProcess,
    gone: () => LinkLost | undefined,
    kill: (process: string) => Promise<void>,
  ) {
    this.#shell = new FramedShell(address, process, PROGRAM, OUTPUT_BYTES, gone);
    this.#kill = kill;
  }

  /** Waits until it is ready. @throws LinkLost, with the server's words, if it is not within `limitMs`. */
  async opened(limitMs: number): Promise<void> {
    await this.#shell.next('out', limitMs);
  }

  get ended(): boolean {
    return this.#shell.ended;
  }

  get words(): string {
    return this.#shell.words;
  }

  /**
   * Runs one script for POSIX sh.
   * @throws LinkLost if the transport failed; a script that fails or takes too long is a result.
   */
  run(script: string, options: CommandOptions = {}): Promise<CommandResult> {
    const result = this.#last.then(() => this.#request(script, options));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #request(script: string, { timeoutMs = 30_000 }: CommandOptions): Promise<CommandResult> {
    const shell = this.#shell;
    try {
      shell.write(`${script}\n${shell.nonce}\n`);
      const begin = await shell.expect(['begin'], BEGUN_MS);
      const answered = shell.expect(['end']);
      answered.catch(() => undefined);
      const deadline = timer(timeoutMs);
      const first = await Promise.race([answered, deadline.passed]).finally(deadline.clear);
      if (first !== 'passed') return await this.#result(first, Number(first.words[1]));
      await this.#kill(begin.words[1] ?? '');
      const killed = timer(KILLED_MS);
      const end = await Promise.race([answered, killed.passed]).finally(killed.clear);
      if (end !== 'passed') return await this.#result(end, null);
      throw shell.lost(`a command took longer than ${timeoutMs / 1000} s and could not be killed`);
    } catch (error) {
      // What it prints from now on could be taken for the answer to another request.
      shell.abandon();
      throw error;
    }
  }

  async #result(end: Frame, exitCode: number | null): Promise<CommandResult> {
    const { payload } = await this.#shell.next('err', KILLED_MS);
    return { exitCode, stdout: end.payload.toString('utf8'), stderr: payload.toString('utf8') };
  }
}
