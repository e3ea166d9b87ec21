import { randomBytes } from 'node:crypto';
import { type ResultPromise, execa } from 'execa';
import { type LinkLost, linkLost } from './link.ts';
import { type Address, HANDSHAKE_MS, masterArguments, sessionArguments } from './ssh.ts';

/**
 * Every ssh gets a session of its own (detached), so that a Ctrl-C at the terminal reaches vgpubench alone
 * and the targets can still be put back. They end by themselves when vgpubench dies, since their stdin does.
 */
export const SSH_PROCESS = {
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

/** One authenticated connection to a target; every other ssh to it goes through this one's socket. */
export class Master {
  /** Resolves when the connection is gone, however it went. Never rejects. */
  readonly lost: Promise<LinkLost>;
  #gone: LinkLost | undefined;
  readonly #address: Address;
  readonly #socket: string;
  readonly #process: SshProcess;

  private constructor(address: Address, socket: string, process: SshProcess, words: () => string) {
    this.#address = address;
    this.#socket = socket;
    this.#process = process;
    this.lost = process.then(() => (this.#gone = linkLost(address, 'the connection was lost', words())));
  }

  /**
   * Connects and logs in.
   * @param socket path of the control socket; at most about 90 bytes.
   * @throws LinkLost within HANDSHAKE_MS, also where the peer accepts and then says nothing.
   */
  static async connect(address: Address, socket: string): Promise<Master> {
    const nonce = randomBytes(16).toString('hex');
    // cat holds the session open until our end of its stdin closes, which it also does when we are killed.
    const process = execa('ssh', masterArguments(address, socket, `echo ${nonce}; exec cat`), SSH_PROCESS);
    const words = tail(process.stderr);
    const greeting = new Promise<true>((resolve) => {
      let heard = '';
      process.stdout.on('data', (chunk: Buffer) => {
        heard = (heard + chunk.toString('latin1')).slice(-4096);
        if (heard.includes(nonce)) resolve(true);
      });
    });
    const deadline = timer(HANDSHAKE_MS);
    const outcome = await Promise.race([greeting, process.then(() => 'ended' as const), deadline.passed]);
    deadline.clear();
    if (outcome === true) return new Master(address, socket, process, words);
    process.kill('SIGKILL');
    const stage = outcome === 'ended' ? 'cannot connect' : `no login within ${HANDSHAKE_MS / 1000} s`;
    throw linkLost(address, stage, words());
  }

  /** Why the connection is gone, if it is. */
  get gone(): LinkLost | undefined {
    return this.#gone;
  }

  /** Starts `command` in a session of its own on this connection. */
  session(command: string): SshProcess {
    return execa('ssh', sessionArguments(this.#address, this.#socket, command), SSH_PROCESS);
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
    const deadline = timer(2000);
    await Promise.race([this.lost, deadline.passed]);
    deadline.clear();
    this.#process.kill('SIGKILL');
    await this.lost;
  }
}

/** Collects the last 4 KiB of a stream; returns a function that tells them. */
export function tail(stream: NodeJS.ReadableStream): () => string {
  let kept = '';
  stream.on('data', (chunk: Buffer) => {
    kept = (kept + chunk.toString('utf8')).slice(-4096);
  });
  return () => kept;
}

/** A deadline that can be called off, so that it keeps nothing alive. */
export function timer(ms: number): { passed: Promise<'passed'>; clear: () => void } {
  let handle: NodeJS.Timeout | undefined;
  const passed = new Promise<'passed'>((resolve) => {
    handle = setTimeout(() => {
      resolve('passed');
    }, ms);
  });
  return {
    passed,
    clear: () => {
      clearTimeout(handle);
    },
  };
}
