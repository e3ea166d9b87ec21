import { randomBytes } from 'node:crypto';
import { type TrialEnd, readEnd } from './end-script.ts';
import { WITHIN_SCOPE } from './greeting.ts';
import { type Home, changeScript, endScript, tidyScript } from './home.ts';
import type { LeaderSettings } from './leader-script.ts';
import type { CommandOptions, CommandResult } from './lifecycle.ts';
import { type LinkLost, linkLost } from './link.ts';
import { PatientConnection } from './patient-connection.ts';
import { Residence, type TargetFacts, type Use } from './residence.ts';
import type { Address } from './ssh.ts';
import { GuestStream, type TrialStream } from './stream.ts';
import { quote } from '../words/quote.ts';

/** What a trial needs to know about where it runs. */
export interface TrialOptions extends Omit<LeaderSettings, 'clock' | 'mark' | 'directory'> {
  /** The trial's directory, by its name among the target's files. */
  directory: string;
}

/** A host or a guest: its connection, and what is done over it. */
export class Target {
  readonly name: string;
  readonly address: Address;
  readonly #link: PatientConnection;
  readonly #residence: Residence;
  #stream: GuestStream | undefined;
  #opening: Promise<unknown> = Promise.resolve();
  /** Counts closed streams: one that becomes ready after that is too late. */
  #visit = 0;
  /** Control groups that leaders reported. */
  readonly #groups = new Set<string>();
  /**
   * Where each trial of the visit keeps its files, and what its leader reported about itself; by directory.
   */
  readonly #trials = new Map<string, { home: Home; leader: string; ended: boolean }>();

  /**
   * @param controlDirectory an existing private directory with a short path, for the control sockets.
   * @param use The run that will keep files there; undefined if nothing is changed there.
   */
  constructor(name: string, address: Address, controlDirectory: string, shell?: string, use?: Use) {
    this.name = name;
    this.address = address;
    this.#link = new PatientConnection(name, address, controlDirectory, () => {
      this.#residence.renewed();
      this.#closeStream();
    });
    this.#residence = new Residence(name, shell, use, (script, options) => this.run(script, options));
  }

  /** Why it did not come back at the last attempt; undefined if it answers. */
  get unreachable(): LinkLost | undefined {
    return this.#link.unreachable;
  }

  /**
   * Another system answers at its address: until it is back, every request to it is refused for that reason.
   */
  async away(why: LinkLost): Promise<void> {
    this.#closeStream();
    await this.#link.away(why);
  }

  /** It may answer again, as after a boot; with that boot id, if given, and otherwise it is away. */
  back(boot?: { id: string; why: LinkLost }): void {
    this.#link.back(boot);
  }

  /** Another system is known to answer at its address. */
  get isAway(): boolean {
    return this.#link.isAway;
  }

  /** The session was cut short: what does not answer is not waited for as long as otherwise. */
  hurry(): void {
    this.#link.hurry();
  }

  /** The run has files there. */
  get hasFiles(): boolean {
    return this.#residence.home !== undefined;
  }

  /**
   * Ensures a working connection, with some patience.
   * @param over ends it.
   * @throws LinkLost of the last attempt.
   */
  async reconnect(onAttempt: (error: LinkLost) => void, over?: AbortSignal): Promise<void> {
    await this.#link.renew(onAttempt, over);
  }

  /** One script for POSIX sh, in the lifecycle shell. @throws LinkLost */
  async run(script: string, options: CommandOptions = {}): Promise<CommandResult> {
    return this.#link.run(script, options);
  }

  /** A script that changes the target, and may leave something running there. @throws LinkLost */
  async change(script: string, options: CommandOptions = {}): Promise<CommandResult> {
    const id = randomBytes(6).toString('hex');
    const { home } = this.#residence;
    return this.run(home === undefined ? script : changeScript(home, script, id), options);
  }

  /** Everything known about it. @throws LinkLost, Problem */
  async facts(): Promise<TargetFacts> {
    // A new link first: earlier knowledge may have to be checked over it.
    await this.#link.get();
    return this.#residence.facts();
  }

  /** Opens the stream that the trials of a visit share. @throws LinkLost, Problem */
  async beginVisit(outputBytes: number): Promise<void> {
    await this.facts();
    await this.#openStream(outputBytes);
  }

  /** Opens a trial's part of the visit's stream. @throws LinkLost, Problem */
  async openTrial(options: TrialOptions): Promise<TrialStream> {
    await this.facts();
    const home = this.#residence.homeOf();
    const stream = await this.#openStream(options.outputBytes);
    const random = randomBytes(16);
    const mark = { text: random.toString('hex'), residentKib: 2 ** 31 + random.readUInt32LE() };
    const directory = `${home.directory}/${options.directory}`;
    const begun = options.begun || this.#trials.has(options.directory);
    // Recorded before it begins: it may have begun even if no answer comes.
    this.#trials.set(options.directory, { home, leader: '', ended: false });
    try {
      const trial = await stream.begin({ ...options, directory, mark, begun });
      this.#trials.set(options.directory, { home, leader: trial.leader, ended: false });
      const [, , , , , group] = trial.leader.split(' ');
      if (group !== undefined) this.#groups.add(group);
      return trial;
    } catch (error) {
      this.#closeStream();
      throw error;
    }
  }

  /**
   * Kills what a trial left running there, with `graceMs` between TERM and KILL. Its files stay until the
   * visit's end.
   * @throws LinkLost
   */
  async endTrial(directory: string, graceMs: number): Promise<TrialEnd> {
    const { home, leader } = await this.#trialOf(directory);
    const end = readEnd(await this.run(endScript(home, directory, graceMs, leader)));
    this.#trials.set(directory, { home, leader, ended: true });
    return end;
  }

  /** Removes a trial's files. @throws LinkLost */
  async forgetTrial(directory: string): Promise<void> {
    const { home } = await this.#trialOf(directory);
    await this.run(tidyScript(home, [directory]));
    this.#trials.delete(directory);
  }

  /** Whether a run with that key was begun in a trial, even over an earlier link. @throws LinkLost */
  async hasBegun(directory: string, key: string): Promise<boolean> {
    const { home } = await this.#trialOf(directory);
    const { exitCode } = await this.run(`[ -e ${quote(`${home.directory}/${directory}/${key}`)} ]`);
    if (exitCode === null) throw linkLost(this.address, 'it does not report whether a run was begun', '');
    return exitCode === 0;
  }

  /**
   * The end of a visit: closes its stream, removes what its trials kept, and ends what had escaped them
   * unnoticed.
   * @throws LinkLost
   */
  async endVisit(): Promise<TrialEnd> {
    this.#closeStream();
    const found: TrialEnd = { left: [], ended: true };
    const ended = [...this.#trials].filter(([, trial]) => trial.ended);
    const homes = new Map(ended.map(([, { home }]) => [home.directory, home]));
    if (!this.#link.stands) return found;
    for (const home of homes.values()) {
      const own = ended.filter(([, trial]) => trial.home.directory === home.directory);
      const names = own.map(([directory]) => directory);
      const { left, ended: clean } = readEnd(await this.run(tidyScript(home, names)));
      found.left.push(...left);
      found.ended &&= clean;
      for (const [directory] of own) this.#trials.delete(directory);
    }
    return found;
  }

  /** Whether results can be kept there. @throws LinkLost */
  async hasRoom(): Promise<boolean> {
    return this.#residence.hasRoom();
  }

  /** The trials' directory is full: the next one tries another place. */
  full(): void {
    this.#closeStream();
    this.#residence.full();
  }

  /** Ends whatever the run left running there, and removes its files. @throws LinkLost, Error */
  async leave(): Promise<void> {
    this.#closeStream();
    await this.#residence.leave([...this.#groups]);
    this.#trials.clear();
  }

  /** It is being paused; the next request assumes that it is awake again. */
  async sleep(): Promise<void> {
    this.#closeStream();
    await this.#link.sleep();
  }

  async close(): Promise<void> {
    this.#closeStream();
    await this.#link.close();
  }

  /**
   * A trial that this session has begun, or else an earlier one, which kept its files where the run still
   * does.
   */
  async #trialOf(directory: string): Promise<{ home: Home; leader: string }> {
    const known = this.#trials.get(directory);
    if (known !== undefined) return known;
    await this.facts();
    return { home: this.#residence.homeOf(), leader: '' };
  }

  /** One after the other: the first trial opens it, if the beginning of the visit has not. */
  #openStream(outputBytes: number): Promise<GuestStream> {
    const opened = this.#opening.catch(() => undefined).then(() => this.#newStream(outputBytes));
    this.#opening = opened;
    return opened;
  }

  async #newStream(outputBytes: number): Promise<GuestStream> {
    if (this.#stream !== undefined && (await this.#stream.free())) return this.#stream;
    this.#closeStream();
    const { shell, clock, containment } = await this.facts();
    const visit = this.#visit;
    const within = containment === 'systemd scope' ? WITHIN_SCOPE : '';
    const settings = { shell, clock, home: this.#residence.homeOf().directory, within };
    const stream = await this.#link.withSession((start, gone) =>
      GuestStream.open(this.address, settings, start, outputBytes, gone),
    );
    if (visit !== this.#visit) {
      stream.close();
      throw linkLost(this.address, 'its stream was closed before it was ready', '');
    }
    this.#stream = stream;
    return stream;
  }

  #closeStream(): void {
    this.#visit++;
    this.#stream?.close();
    this.#stream = undefined;
  }
}
