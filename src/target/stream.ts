import { Problem } from '../problem.ts';
import { type GuestClock, elapsedNs, readingNs } from './clock.ts';
import { FramedShell, shellCommand } from './framed-shell.ts';
import { type LeaderSettings, leaderSettings } from './leader-script.ts';
import type { LinkLost } from './link.ts';
import { noRoom } from './no-room.ts';
import { type Address, HANDSHAKE_MS } from './ssh.ts';
import type { SshProcess } from './ssh-process.ts';
import { STREAM_FILE } from './stream-script.ts';
import { quote } from '../words/quote.ts';

/** The result of a run of the workload. */
export interface RunResult {
  /** The exit status as in sh (128 + n: by signal n); `lost` if its leader died before it ended. */
  exitCode: number | 'lost';
  /** By the guest's clock, in ns; null if it could not be read. */
  durationNs: number | null;
  stdout: Buffer;
  stderr: Buffer;
  /** There was more output than the limit. */
  cut: boolean;
  /** When it started, by the harness's clock; null if unknown. */
  started: Moment | null;
}

/** A moment by the harness's monotonic clock, in ns, and its uncertainty to either side. */
export interface Moment {
  atNs: bigint;
  withinNs: number;
}

export interface StreamSettings {
  /** The shell that runs samples. */
  shell: string;
  clock: GuestClock;
  /** Directory of the target's files, with STREAM_SCRIPT and LEADER_SCRIPT. */
  home: string;
  /** The command with which the session begins, if its control group requires one. */
  within: string;
}

/** How long a trial that was ended may keep its stream. */
const GONE_MS = 5000;

/**
 * The guest shell stream: one session for all trials of a visit. Each trial has its own leader, a process
 * that the stream's shell starts and waits for, with the stream as its stdin and stdout.
 */
export class GuestStream {
  readonly #settings: StreamSettings;
  readonly #shell: FramedShell;
  #last: TrialStream | undefined;

  private constructor(settings: StreamSettings, shell: FramedShell) {
    this.#settings = settings;
    this.#shell = shell;
  }

  /**
   * @param start creates an ssh that runs the command.
   * @param outputBytes the maximum of a run's output that is kept, in bytes.
   * @throws LinkLost
   */
  static async open(
    address: Address,
    settings: StreamSettings,
    start: (command: string) => SshProcess,
    outputBytes: number,
    gone: () => LinkLost | undefined,
  ): Promise<GuestStream> {
    const process = start(shellCommand(`${settings.within}${settings.shell}`));
    const program = `vgb_d=${quote(settings.home)}; vgb_w=${quote(settings.shell)}; . "$vgb_d/${STREAM_FILE}"`;
    const shell = new FramedShell(address, process, program, outputBytes, gone);
    const stream = new GuestStream(settings, shell);
    try {
      await shell.next('out', HANDSHAKE_MS);
      return stream;
    } catch (error) {
      shell.close();
      throw error;
    }
  }

  /** It can take another trial: its shell is ready, and the previous trial is gone. */
  async free(): Promise<boolean> {
    return !this.#shell.ended && (this.#last === undefined || (await this.#last.over(GONE_MS)));
  }

  /** Starts a trial's leader. @throws LinkLost; Problem if its directory can't be created or entered. */
  async begin(settings: Omit<LeaderSettings, 'clock'>): Promise<TrialStream> {
    const { clock } = this.#settings;
    this.#shell.frameBytes = settings.outputBytes;
    this.#shell.write(
      `trial ${settings.mark.text}\n${this.#shell.nonce}\n${leaderSettings({ ...settings, clock: clock.source })}\n${this.#shell.nonce}\n`,
    );
    const trial = new TrialStream(this.#shell, clock);
    this.#last = trial;
    await trial.opened(settings.workingDirectory);
    return trial;
  }

  close(): void {
    this.#shell.close();
  }
}

/** One trial's part of a stream: its leader runs the samples; a sample costs one round trip. */
export class TrialStream {
  readonly #shell: FramedShell;
  readonly #clock: GuestClock;
  /** What its leader reported about itself, in the form that END_SCRIPT takes. */
  leader = '';
  #closed = false;
  #gone = false;

  constructor(shell: FramedShell, clock: GuestClock) {
    this.#shell = shell;
    this.#clock = clock;
  }

  /** Of the clock that measures durations. */
  get tickNs(): number {
    return this.#clock.tickNs;
  }

  async opened(workingDirectory: string | undefined): Promise<void> {
    const [word, ...rest] = (await this.#next(HANDSHAKE_MS)).words;
    if (word !== 'open')
      throw refused(this.#shell, word === 'gone' ? 'leader' : (rest[0] ?? ''), workingDirectory);
    this.leader = rest.join(' ').trim();
  }

  /**
   * Runs the workload once or, if a run with that key was begun over an earlier link, waits for that one.
   * @param key names the run within the trial.
   * @param barrier is awaited once the guest is ready; then the workload starts.
   * @throws LinkLost, even within 15 s of a peer that went silent.
   */
  async run(key: string, barrier?: () => Promise<void>): Promise<RunResult> {
    const asked = process.hrtime.bigint();
    this.#shell.write(`s ${key}${barrier === undefined ? '' : ' b'}\n`);
    let offset: Moment | null = null;
    try {
      if (barrier !== undefined) {
        const ready = await this.#expect('ready', key);
        offset = this.#offset(asked, ready.words[2] ?? '');
        await barrier();
        this.#shell.write('go\n');
      }
      await this.#expect('begin', key);
      const out = await this.#expect('out', key);
      const end = await this.#expect('end', key);
      const [, , exit = 'lost', from = '', to = '', full = ''] = end.words;
      if (full !== '') throw refused(this.#shell, 'room', undefined);
      return {
        exitCode: exit === 'lost' ? 'lost' : Number(exit),
        durationNs: elapsedNs(this.#clock.source, from, to),
        stdout: out.payload,
        stderr: end.payload,
        cut: out.dropped + end.dropped > 0,
        started: this.#moment(from, offset),
      };
    } catch (error) {
      if (!(error instanceof LeaderGone)) throw error;
      const nothing = Buffer.alloc(0);
      return {
        ...{
          exitCode: 'lost',
          durationNs: null,
          stdout: nothing,
          stderr: nothing,
          cut: false,
          started: null,
        },
      };
    }
  }

  /** Releases the stream; the leader is ended with the trial. */
  close(): void {
    this.#closed = true;
  }

  /** Whether its leader is gone within `limitMs`, so that the stream can be used for another trial. */
  async over(limitMs: number): Promise<boolean> {
    if (!this.#closed) return false;
    try {
      while (!this.#gone) this.#gone = (await this.#shell.next('out', limitMs)).words[0] === 'gone';
      return true;
    } catch {
      return false;
    }
  }

  async #expect(word: string, key: string) {
    const frame = await this.#next();
    if (frame.words[0] === word && frame.words[1] === key) return frame;
    if (frame.words[0] === 'failed') throw refused(this.#shell, frame.words[1] ?? '', undefined);
    if (this.#gone) throw new LeaderGone();
    throw this.#shell.lost(`out of step: ${frame.words.join(' ')} instead of ${word} ${key}`);
  }

  async #next(limitMs?: number) {
    const frame = await this.#shell.next('out', limitMs);
    if (frame.words[0] === 'gone') this.#gone = true;
    return frame;
  }

  /**
   * How far the guest's clock is ahead of the harness's, from a reading between two moments of the harness.
   */
  #offset(asked: bigint, reading: string): Moment | null {
    const answered = process.hrtime.bigint();
    const there = readingNs(this.#clock.source, reading);
    if (there === undefined) return null;
    const half = (answered - asked) / 2n;
    return { atNs: there - asked - half, withinNs: Number(half) + this.#clock.tickNs };
  }

  #moment(reading: string, offset: Moment | null): Moment | null {
    const there = readingNs(this.#clock.source, reading);
    if (there === undefined || offset === null) return null;
    return { atNs: there - offset.atNs, withinNs: offset.withinNs + this.#clock.tickNs };
  }
}

class LeaderGone extends Error {}

function refused(shell: FramedShell, what: string, workingDirectory: string | undefined): Problem {
  const found = shell.words.trim();
  if (what === 'cd')
    return new Problem({
      code: 'VGB-GUEST-DIRECTORY',
      message: 'the workload’s directory can’t be entered',
      expected: `the directory ${workingDirectory ?? ''} on the target`,
      found,
      next: 'create it there, or correct the workload’s directory',
      exitCode: 4,
    });
  if (what === 'room' || /no space left/i.test(found)) return noRoom(found || 'a write that failed');
  return new Problem({
    code: 'VGB-GUEST-LEADER',
    message: 'could not start a trial on the target',
    expected: 'a leading process for the trial, with its own directory',
    found: found || `${what} failed`,
    next: 'to check the target: vgpubench doctor FILE',
    exitCode: 4,
  });
}
