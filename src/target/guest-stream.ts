import { randomBytes } from 'node:crypto';
import { Problem } from '../problem.ts';
import { type GuestClock, elapsedNs } from './clock.ts';
import { type Frame, FrameReader } from './frames.ts';
import { type StreamScript, streamCommand, streamScript } from './guest-script.ts';
import { linkLost } from './link.ts';
import { type Master, type SshProcess, tail, timer } from './master.ts';
import { type Address, HANDSHAKE_MS } from './ssh.ts';

/** What a run of the workload left behind. */
export interface RunResult {
  /** The exit status as sh tells it (128 + n: by signal n); `lost` where its shell died before it ended. */
  exitCode: number | 'lost';
  /** By the guest's clock, in ns; null where it could not be read. */
  durationNs: number | null;
  stdout: Buffer;
  stderr: Buffer;
  /** There was more output than the limit. */
  cut: boolean;
}

type StreamSpec = Omit<StreamScript, 'nonce' | 'clock'>;

/**
 * The guest shell stream: a persistent `ssh target sh` that runs the samples of one trial. Opening it costs
 * an ssh; a sample costs one round trip.
 */
export class GuestStream {
  readonly #address: Address;
  readonly #clock: GuestClock['source'];
  readonly #master: Master;
  readonly #process: SshProcess;
  readonly #reader: FrameReader;
  readonly #words: () => string;
  readonly #frames: Frame[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  private constructor(
    address: Address,
    master: Master,
    shell: string,
    clock: GuestClock['source'],
    spec: StreamSpec,
  ) {
    const nonce = randomBytes(16).toString('hex');
    this.#address = address;
    this.#clock = clock;
    this.#master = master;
    this.#reader = new FrameReader(nonce, spec.outputBytes);
    this.#process = master.session(streamCommand(shell));
    this.#words = tail(this.#process.stderr);
    this.#process.stdout.on('data', (chunk: Buffer) => {
      this.#frames.push(...this.#reader.push(chunk));
      if (this.#frames.length > 0) this.#wake?.();
    });
    void this.#process.then(() => {
      this.#ended = true;
      this.#wake?.();
    });
    // A write to a stream that just died is told by its end, not by EPIPE.
    this.#process.stdin.on('error', () => undefined);
    this.#process.stdin.write(streamScript({ ...spec, nonce, clock }));
  }

  /** @throws LinkLost; Problem where the trial's directory can't be made or entered. */
  static async open(
    address: Address,
    master: Master,
    shell: string,
    clock: GuestClock['source'],
    spec: StreamSpec,
  ): Promise<GuestStream> {
    const stream = new GuestStream(address, master, shell, clock, spec);
    try {
      const [word, what] = (await stream.#next(HANDSHAKE_MS)).words;
      if (word === 'open') return stream;
      throw new Problem({
        code: 'VGB-GUEST-DIRECTORY',
        message: `${address.ssh}: the trial’s directory can’t be ${what === 'cd' ? 'entered' : 'made'}`,
        expected:
          what === 'cd'
            ? `the directory ${spec.workingDirectory ?? ''} on the target`
            : `room for ${spec.directory} on the target`,
        found: stream.#words().trim(),
        next:
          what === 'cd'
            ? 'make it there, or mend the workload’s directory'
            : 'free room on the target, or let its user write there',
        exitCode: 4,
      });
    } catch (error) {
      stream.close();
      throw error;
    }
  }

  /**
   * Runs the workload once, or, where a run of that key was begun over an earlier link, waits for that one.
   * @param key names the run within the trial.
   * @param barrier is awaited once the guest stands ready; then the workload starts.
   * @throws LinkLost, also within 15 s of a peer that went silent.
   */
  async run(key: string, barrier?: () => Promise<void>): Promise<RunResult> {
    this.#process.stdin.write(`s ${key} ${barrier === undefined ? "''" : 'b'}\n`);
    if (barrier !== undefined) {
      await this.#expect('ready', key);
      await barrier();
      this.#process.stdin.write('go\n');
    }
    await this.#expect('begin', key);
    const out = await this.#expect('out', key);
    const end = await this.#expect('end', key);
    const [, , exit = 'lost', from = '', to = ''] = end.words;
    return {
      exitCode: exit === 'lost' ? 'lost' : Number(exit),
      durationNs: elapsedNs(this.#clock, from, to),
      stdout: out.payload,
      stderr: end.payload,
      cut: out.dropped + end.dropped > 0,
    };
  }

  /** Lets go of the stream; what runs in the guest is ended by the trial's end script. */
  close(): void {
    this.#process.stdin.end();
    this.#process.kill('SIGTERM');
  }

  async #expect(word: string, key: string): Promise<Frame> {
    const frame = await this.#next();
    if (frame.words[0] === word && frame.words[1] === key) return frame;
    throw linkLost(
      this.#address,
      'the guest shell stream is out of step',
      `${frame.words.join(' ')} instead of ${word} ${key}`,
    );
  }

  async #next(deadlineMs?: number): Promise<Frame> {
    const deadline = deadlineMs === undefined ? undefined : timer(deadlineMs);
    try {
      for (;;) {
        const frame = this.#frames.shift();
        if (frame !== undefined) return frame;
        if (this.#ended)
          throw this.#master.gone ?? linkLost(this.#address, 'the guest shell stream ended', this.#words());
        const woken = new Promise<'woken'>((resolve) => {
          this.#wake = () => {
            resolve('woken');
          };
        });
        if ((await (deadline === undefined ? woken : Promise.race([woken, deadline.passed]))) === 'passed')
          throw linkLost(this.#address, 'the guest’s shell did not answer', this.#words());
      }
    } finally {
      deadline?.clear();
    }
  }
}
