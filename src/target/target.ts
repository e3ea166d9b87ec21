import { join } from 'node:path';
import { Problem } from '../problem.ts';
import { type GuestClock, bestClock, clockProbe } from './clock.ts';
import { type CommandOptions, type CommandResult, runCommand } from './command.ts';
import { endScript } from './guest-script.ts';
import { GuestStream } from './guest-stream.ts';
import { LinkLost, linkLost } from './link.ts';
import { quote } from '../words/quote.ts';
import { Master } from './master.ts';
import { type Address, HANDSHAKE_MS } from './ssh.ts';

/** Waits between attempts to connect again, in ms. */
const BACKOFF_MS = [0, 0, 500, 2000, 5000, 10_000];

/** A clock with a coarser tick than this has us look for bash, which has a clock of 1 us. */
const COARSE_TICK_NS = 100_000;

export interface StreamOptions {
  /** The trial's directory, below the target's scratch directory; unguessable, since that is shared. */
  directory: string;
  command: string;
  workingDirectory?: string | undefined;
  environment: Readonly<Record<string, string>>;
  outputBytes: number;
  fileBytes: number;
  giveUpMs: number;
}

/** What was probed of a target once. */
export interface GuestShell {
  /** The shell that runs samples there. */
  shell: string;
  /** The best clock it has. */
  clock: GuestClock;
  /** Where trials keep their files. */
  scratch: string;
}

/** A host or a guest: its connection, and what is done through it. */
export class Target {
  readonly name: string;
  readonly address: Address;
  readonly #controlDirectory: string;
  readonly #wantedShell: string | undefined;
  #master: Master | undefined;
  #connecting: Promise<Master> | undefined;
  #generation = 0;
  /** It did not come back last time: from then on one attempt each time is enough. */
  #givenUp = false;
  #guest: GuestShell | undefined;

  /** @param controlDirectory an existing private directory with a short path, for the control sockets. */
  constructor(name: string, address: Address, controlDirectory: string, shell?: string) {
    this.name = name;
    this.address = address;
    this.#controlDirectory = controlDirectory;
    this.#wantedShell = shell;
  }

  /** Connects if there is no connection. @throws LinkLost */
  async connect(): Promise<void> {
    await this.#link();
  }

  /**
   * Sees to a connection that works, after a link was lost or before work begins, with some patience. One that
   * does not carry a command is given up: it may be dead without having noticed yet.
   * @param onAttempt is told of each attempt that failed.
   * @throws LinkLost of the last attempt.
   */
  async reconnect(onAttempt: (error: LinkLost) => void): Promise<void> {
    let last: LinkLost | undefined;
    for (const wait of this.#givenUp ? [0] : BACKOFF_MS) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      const known = this.#master !== undefined;
      try {
        const { exitCode } = await this.run(':', { timeoutMs: HANDSHAKE_MS });
        if (exitCode === null) throw linkLost(this.address, 'the connection carries nothing', '');
        this.#givenUp = false;
        return;
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error;
        last = error;
        await this.close();
        // That an old connection is dead is why we are here; that a new one can't be made is news.
        if (!known) onAttempt(error);
      }
    }
    this.#givenUp = true;
    throw last ?? new Error('unreachable: no attempt to connect was made');
  }

  /** One script over the lifecycle channel. @throws LinkLost */
  async run(script: string, options: CommandOptions = {}): Promise<CommandResult> {
    return runCommand(this.address, await this.#link(), script, options);
  }

  /** The shell that runs samples there, and the best clock it has. Probed once. @throws LinkLost, Problem */
  async shell(): Promise<GuestShell> {
    this.#guest ??= { ...(await this.#probeShell()), scratch: await this.#probeScratch() };
    return this.#guest;
  }

  /** Opens a guest shell stream for one trial. @throws LinkLost, Problem */
  async openStream(options: StreamOptions): Promise<GuestStream> {
    const { shell, clock, scratch } = await this.shell();
    const script = { ...options, directory: `${scratch}/${options.directory}` };
    return GuestStream.open(this.address, await this.#link(), shell, clock.source, script);
  }

  /** Kills what a trial left running there, with `graceMs` between TERM and KILL, and removes its files. */
  async endTrial(directory: string, graceMs: number): Promise<void> {
    const { scratch } = await this.shell();
    await this.run(endScript(`${scratch}/${directory}`, graceMs));
  }

  /** Whether a run of that key was begun in a trial, also over an earlier link. @throws LinkLost */
  async hasBegun(directory: string, key: string): Promise<boolean> {
    const { scratch } = await this.shell();
    return (await this.run(`[ -e ${quote(`${scratch}/${directory}/${key}`)} ]`)).exitCode === 0;
  }

  async close(): Promise<void> {
    const master = this.#master;
    this.#master = undefined;
    await master?.close();
  }

  async #link(): Promise<Master> {
    if (this.#master !== undefined && this.#master.gone === undefined) return this.#master;
    this.#connecting ??= this.#open().finally(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  async #open(): Promise<Master> {
    const socket = join(this.#controlDirectory, `${this.name}.${this.#generation++}`);
    this.#master = await Master.connect(this.address, socket);
    return this.#master;
  }

  async #probeShell(): Promise<{ shell: string; clock: GuestClock }> {
    const first = this.#wantedShell ?? 'sh';
    const clock = await this.#probeClock(first);
    if (clock === undefined)
      throw new Problem({
        code: 'VGB-GUEST-CLOCK',
        message: `${this.name}: no clock that its shell (${first}) can read`,
        expected: '$EPOCHREALTIME, /proc/timer_list, date +%s%N or /proc/uptime',
        found: 'none of them',
        next: 'mount /proc in the guest, or set the target’s shell',
      });
    if (this.#wantedShell !== undefined || clock.tickNs <= COARSE_TICK_NS) return { shell: first, clock };
    const better = await this.#probeClock('bash');
    return better !== undefined && better.tickNs < clock.tickNs
      ? { shell: 'bash', clock: better }
      : { shell: first, clock };
  }

  /** Memory where there is some to write to, so that keeping results costs no disk while a workload runs. */
  async #probeScratch(): Promise<string> {
    const { stdout } = await this.run(
      '[ -d /dev/shm ] && [ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}"',
    );
    return stdout.trim();
  }

  async #probeClock(shell: string): Promise<GuestClock | undefined> {
    return bestClock((await this.run(clockProbe(), { shell })).stdout);
  }
}
