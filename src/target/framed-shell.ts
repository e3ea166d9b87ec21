import { randomBytes } from 'node:crypto';
import { type Frame, FrameReader } from './frames.ts';
import { type LinkLost, linkLost } from './link.ts';
import type { Address } from './ssh.ts';
import type { SshProcess } from './ssh-process.ts';
import { timer } from './timer.ts';

/**
 * The command for a server: a shell that reads its program from stdin with its own `read`, so that nothing of
 * it is in an argument, and whatever follows the program can still be read. Any login shell may parse this:
 * it has no nested quotes, no backslash and no `!`.
 */
export function shellCommand(shell: string): string {
  return `exec ${shell} -c 'IFS= read -r vgb_s; eval "$vgb_s"'`;
}

/**
 * Shell text that defines a function which reads text of several lines, up to one that is the nonce `vgb_n`,
 * into `vgb_s`. All our names in a guest's shell begin with vgb_.
 */
export const READ_TEXT = `vgb_nl=$(printf '\\n.'); vgb_nl=\${vgb_nl%.}; ${readFunction()}`;

/**
 * The same for a program of several lines, which can contain the newline itself, and needs no process for it.
 */
export const READ_TEXT_IN_LINES = `vgb_nl='
'
${readFunction()}`;

function readFunction(): string {
  return `vgb_read() { vgb_s=; while IFS= read -r vgb_l; do [ "$vgb_l" = "$vgb_n" ] && return; vgb_s=$vgb_s$vgb_l$vgb_nl; done; exit; }`;
}

/** How long an ssh may take to end, and to report why, once its output has ended. */
const LAST_WORDS_MS = 2000;

/** The maximum of stderr that is kept, in bytes. */
const STDERR_BYTES = 64 * 1024;

/**
 * A shell behind an ssh, whose answers are delimited by marks with a nonce that only it knows: the nonce is
 * on its stdin, and in no argument, file or environment.
 */
export class FramedShell {
  /** 128 random bits, as hex. */
  readonly nonce = randomBytes(16).toString('hex');
  readonly #address: Address;
  readonly #process: SshProcess;
  readonly #gone: () => LinkLost | undefined;
  readonly #out: FrameReader;
  readonly #err = new FrameReader(this.nonce, STDERR_BYTES);
  readonly #frames = { out: [] as Frame[], err: [] as Frame[] };
  #wake: (() => void) | undefined;
  #ended = false;

  /**
   * @param process an ssh that runs `shellCommand`.
   * @param program what the shell runs; it has the nonce in `vgb_n`, and `vgb_read`.
   * @param frameBytes the limit beyond which an answer is truncated.
   * @param gone why the connection is gone, if it is.
   */
  constructor(
    address: Address,
    process: SshProcess,
    program: string,
    frameBytes: number,
    gone: () => LinkLost | undefined = () => undefined,
  ) {
    this.#address = address;
    this.#process = process;
    this.#gone = gone;
    this.#out = new FrameReader(this.nonce, frameBytes);
    process.stdout.on('data', (chunk: Buffer) => {
      this.#heard(this.#frames.out, this.#out.push(chunk));
    });
    process.stderr.on('data', (chunk: Buffer) => {
      this.#heard(this.#frames.err, this.#err.push(chunk));
    });
    const ended = () => {
      this.#ended = true;
      this.#wake?.();
    };
    // An ssh that others share remains when its own session's shell has died: the end of its output shows
    // that. Any other ssh ends afterwards, with a message that is worth waiting for.
    process.stdout.on('end', () => {
      const words = timer(LAST_WORDS_MS);
      void Promise.race([process, words.passed]).then(() => {
        words.clear();
        ended();
      });
    });
    void process.then(ended);
    this.write(`vgb_n=${this.nonce}; ${READ_TEXT}; vgb_read; eval "$vgb_s"\n${program}\n${this.nonce}\n`);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** What it printed outside any answer: a server's words, or those of a shell in trouble. */
  get words(): string {
    return [this.#out.unframed, this.#err.unframed]
      .map((text) => text.trim())
      .filter((text) => text !== '')
      .join('\n');
  }

  /** The limit beyond which an answer is truncated, in bytes. */
  set frameBytes(bytes: number) {
    this.#out.limit = bytes;
  }

  write(text: string): void {
    this.#process.stdin.write(text);
  }

  /** The next answer; `err`: on stderr. @throws LinkLost if the shell ended, or nothing came in time. */
  async next(stream: 'out' | 'err' = 'out', deadlineMs?: number): Promise<Frame> {
    const deadline = deadlineMs === undefined ? undefined : timer(deadlineMs);
    try {
      for (;;) {
        const frame = this.#frames[stream].shift();
        if (frame !== undefined) return frame;
        if (this.#ended) throw this.#gone() ?? this.lost('the target’s shell ended');
        const woken = new Promise<'woken'>((resolve) => {
          this.#wake = () => {
            resolve('woken');
          };
        });
        if ((await (deadline === undefined ? woken : Promise.race([woken, deadline.passed]))) === 'passed')
          throw this.lost('the target’s shell did not answer');
      }
    } finally {
      deadline?.clear();
    }
  }

  /** The next answer, which must begin with these words. @throws LinkLost */
  async expect(words: readonly string[], deadlineMs?: number): Promise<Frame> {
    const frame = await this.next('out', deadlineMs);
    if (words.every((word, index) => frame.words[index] === word)) return frame;
    throw this.lost(`out of step: ${frame.words.join(' ')} instead of ${words.join(' ')}`);
  }

  lost(stage: string): LinkLost {
    return linkLost(this.#address, stage, this.words);
  }

  /** Ends it: the shell's stdin, and then its ssh. */
  close(): void {
    this.#process.stdin.end();
    this.#process.kill('SIGTERM');
  }

  /** Abandons it, if it is unknown what it will print next. */
  abandon(): void {
    this.#ended = true;
    this.#process.kill('SIGKILL');
    this.#wake?.();
  }

  #heard(frames: Frame[], more: readonly Frame[]): void {
    if (more.length === 0) return;
    frames.push(...more);
    this.#wake?.();
  }
}
