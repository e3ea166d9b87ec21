import { randomBytes } from 'node:crypto';
import { Problem } from '../problem.ts';
import type { GuestClock } from './clock.ts';
import { type TrialEnd, readEnd } from './end-script.ts';
import { type Containment, WITHIN_SCOPE, greetingScript, readGreeting } from './greeting.ts';
import {
  type Home,
  type Owner,
  endScript,
  homeScript,
  leaveScript,
  readHome,
  readLocks,
  standsScript,
  tidyScript,
} from './home.ts';
import type { LeaderSettings } from './leader-script.ts';
import type { CommandOptions, CommandResult } from './lifecycle.ts';
import type { LinkLost } from './link.ts';
import { PatientConnection } from './patient-connection.ts';
import { GuestStream, type TrialStream } from './stream.ts';
import { type LockState, inUse, lockScript, readLock, unlockScript } from './target-lock.ts';
import { quote } from '../words/quote.ts';
import type { Address } from './ssh.ts';

/** What a trial needs to know of where it runs. */
export interface TrialOptions extends Omit<LeaderSettings, 'clock' | 'mark' | 'directory'> {
  /** The trial's directory, by its name among the target's files. */
  directory: string;
}

/** What was found of a target. */
export interface TargetFacts {
  /** The shell that runs samples there. */
  shell: string;
  /** The best clock it has. */
  clock: GuestClock;
  containment: Containment;
  /** Where trials keep their files; null where no run is to have any there. */
  scratch: string | null;
  /** Changes with every boot; empty where it is not told. */
  boot: string;
  /** What was found there that is not as it should be, in words. */
  remarks: string[];
}

/** What a target is made for, besides being looked at. */
export interface Use {
  owner: Owner;
  /** What has to be free where trials keep their files, in KiB. */
  roomKib: number;
}

/** A host or a guest: its connection, and what is done through it. */
export class Target {
  readonly name: string;
  readonly address: Address;
  readonly #wantedShell: string | undefined;
  readonly #use: Use | undefined;
  readonly #link: PatientConnection;
  #facts: TargetFacts | undefined;
  #asking: Promise<TargetFacts> | undefined;
  #home: Home | undefined;
  readonly #full: string[] = [];
  #stream: GuestStream | undefined;
  #ended: string[] = [];

  /**
   * @param controlDirectory an existing private directory with a short path, for the control sockets.
   * @param use The run that is to keep files there; undefined where nothing is changed there.
   */
  constructor(name: string, address: Address, controlDirectory: string, shell?: string, use?: Use) {
    this.name = name;
    this.address = address;
    this.#wantedShell = shell;
    this.#use = use;
    this.#link = new PatientConnection(name, address, controlDirectory, () => {
      this.#asking = undefined;
      this.#closeStream();
    });
  }

  /** Why it did not come back, the last time that it was tried; undefined where it answers. */
  get unreachable(): LinkLost | undefined {
    return this.#link.unreachable;
  }

  /** The run has files there. */
  get hasFiles(): boolean {
    return this.#home !== undefined;
  }

  /** Sees to a connection that works, with some patience. @throws LinkLost of the last attempt. */
  async reconnect(onAttempt: (error: LinkLost) => void): Promise<void> {
    await this.#link.renew(onAttempt);
  }

  /** One script for POSIX sh, in the lifecycle shell. @throws LinkLost */
  async run(script: string, options: CommandOptions = {}): Promise<CommandResult> {
    return this.#link.run(script, options);
  }

  /** What there is to be known of it; asked once per boot, and looked after over each new link. @throws LinkLost, Problem */
  async facts(): Promise<TargetFacts> {
    await this.#link.get();
    this.#asking ??= this.#greet();
    const asking = this.#asking;
    try {
      return await asking;
    } catch (error) {
      if (this.#asking === asking) this.#asking = undefined;
      throw error;
    }
  }

  /** Opens the stream that the trials of a visit share. @throws LinkLost, Problem */
  async beginVisit(outputBytes: number): Promise<void> {
    await this.facts();
    await this.#openStream(outputBytes);
  }

  /** Opens a trial's part of the visit's stream. @throws LinkLost, Problem */
  async openTrial(options: TrialOptions): Promise<TrialStream> {
    await this.facts();
    const home = this.#homeOf();
    const stream = await this.#openStream(options.outputBytes);
    const random = randomBytes(16);
    const mark = { text: random.toString('hex'), residentKib: 2 ** 31 + random.readUInt32LE() };
    const directory = `${home.directory}/${options.directory}`;
    try {
      return await stream.begin({ ...options, directory, mark });
    } catch (error) {
      this.#closeStream();
      throw error;
    }
  }

  /**
   * Kills what a trial left running there, with `graceMs` between TERM and KILL. Its files stay until the visit's end.
   * @throws LinkLost
   */
  async endTrial(directory: string, graceMs: number): Promise<TrialEnd> {
    await this.facts();
    const end = readEnd((await this.run(endScript(this.#homeOf(), directory, graceMs))).stdout);
    this.#ended.push(directory);
    return end;
  }

  /** Removes a trial's files. @throws LinkLost */
  async forgetTrial(directory: string): Promise<void> {
    await this.facts();
    await this.run(tidyScript(this.#homeOf(), [directory]));
  }

  /** Whether a run of that key was begun in a trial, also over an earlier link. @throws LinkLost */
  async hasBegun(directory: string, key: string): Promise<boolean> {
    await this.facts();
    const file = `${this.#homeOf().directory}/${directory}/${key}`;
    return (await this.run(`[ -e ${quote(file)} ]`)).exitCode === 0;
  }

  /** Whether results can be kept there: 64 KiB can be written. @throws LinkLost */
  async hasRoom(): Promise<boolean> {
    const file = quote(`${this.#homeOf().directory}/room`);
    return (await this.run(`head -c 65536 /dev/zero >${file}; s=$?; rm -f ${file}; exit $s`)).exitCode === 0;
  }

  /** There is no room any more where trials keep their files: the next one looks for another place. */
  full(): void {
    if (this.#home === undefined) return;
    this.#full.push(this.#home.scratch);
    this.#closeStream();
    this.#facts = this.#asking = undefined;
  }

  /** The end of a visit: its stream is closed, and what its trials kept is removed. */
  async endVisit(): Promise<void> {
    this.#closeStream();
    const ended = this.#ended;
    this.#ended = [];
    if (this.#home !== undefined && this.#link.stands && ended.length > 0)
      await this.run(tidyScript(this.#home, ended));
  }

  /** Ends whatever the run has left going on there, and removes its files, of all of its sessions. @throws LinkLost */
  async leave(): Promise<void> {
    if (this.#use === undefined) return;
    this.#closeStream();
    const { owner } = this.#use;
    const { stdout } = await this.run(leaveScript(owner, this.name));
    for (const lock of readLocks(stdout)) await this.run(unlockScript(lock, owner, this.name));
    this.#home = this.#facts = this.#asking = undefined;
  }

  async close(): Promise<void> {
    this.#closeStream();
    await this.#link.close();
  }

  async #greet(): Promise<TargetFacts> {
    if (this.#facts !== undefined && (await this.#stands(this.#facts.boot))) return this.#facts;
    const { clock, ...found } = readGreeting((await this.run(greetingScript(this.#wantedShell))).stdout);
    if (clock === undefined)
      throw new Problem({
        code: 'VGB-GUEST-CLOCK',
        message: `${this.name}: no clock that its shell (${found.shell}) can read`,
        expected: '$EPOCHREALTIME, /proc/timer_list, date +%s%N or /proc/uptime',
        found: 'none of them',
        next: 'mount /proc in the guest, or set the target’s shell',
      });
    const remarks = this.#use === undefined ? [] : await this.#settle(this.#use);
    this.#facts = { ...found, clock, scratch: this.#home?.scratch ?? null, remarks };
    return this.#facts;
  }

  /** Whether it is as it was before the link was lost; takes its lock again. @throws LinkLost, Problem */
  async #stands(boot: string): Promise<boolean> {
    const [use, home] = [this.#use, this.#home];
    if (use === undefined || home === undefined) return false;
    const lock = home.lock === undefined ? '' : lockScript(home.lock, use.owner, this.name);
    const { stdout } = await this.run(`${standsScript(home)}\n${lock}`);
    const [now, ...said] = stdout.split('\n');
    if (now !== boot || boot === '') return false;
    this.#refuseIfHeld(readLock(said.join('\n'), use.owner));
    return true;
  }

  /** Finds a place for the run's files, and takes the target's lock. @returns remarks */
  async #settle({ owner, roomKib }: Use): Promise<string[]> {
    const { stdout } = await this.run(homeScript(owner, this.name, roomKib, this.#full));
    const home = (this.#home = readHome(stdout, owner, this.name));
    const passed = home.passedOver.map((words) => `no files in ${words}; they are in ${home.scratch}`);
    const none = 'another run on it would not be noticed, since no lock can be kept there';
    if (home.lock === undefined) return [...passed, none];
    const script = lockScript(home.lock, owner, this.name);
    const state = readLock((await this.run(script)).stdout, owner);
    this.#refuseIfHeld(state);
    return state.kind === 'none' ? [...passed, none] : passed;
  }

  #refuseIfHeld(state: LockState): void {
    if (state.kind === 'held') throw inUse(this.name, state.by);
  }

  #homeOf(): Home {
    if (this.#home === undefined)
      throw new Error(`${this.name}: a target that is only looked at has no trials`);
    return this.#home;
  }

  async #openStream(outputBytes: number): Promise<GuestStream> {
    if (this.#stream !== undefined && (await this.#stream.free())) return this.#stream;
    this.#closeStream();
    const { shell, clock, containment } = await this.facts();
    const within = containment === 'systemd scope' ? WITHIN_SCOPE : '';
    const settings = { shell, clock, home: this.#homeOf().directory, within };
    this.#stream = await this.#link.withSession((start, gone) =>
      GuestStream.open(this.address, settings, start, outputBytes, gone),
    );
    return this.#stream;
  }

  #closeStream(): void {
    this.#stream?.close();
    this.#stream = undefined;
  }
}
