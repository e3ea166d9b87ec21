import { Problem } from '../problem.ts';
import { quote } from '../words/quote.ts';
import type { GuestClock } from './clock.ts';
import { type Containment, greetingScript, readGreeting } from './greeting.ts';
import { type Home, type Owner, homeScript, leaveScript, readHome, readLocks, standsScript } from './home.ts';
import type { CommandOptions, CommandResult } from './lifecycle.ts';
import { type LockState, inUse, lockScript, readLock, unlockScript } from './target-lock.ts';

/** What was found out about a target. */
export interface TargetFacts {
  /** The shell that runs samples there. */
  shell: string;
  /** Its best clock. */
  clock: GuestClock;
  containment: Containment;
  /** Where trials keep their files; null if the run does not keep any there. */
  scratch: string | null;
  /** Changes with every boot; empty if unknown. */
  boot: string;
  /** Problems that were found there, in words. */
  remarks: string[];
}

/** The purpose of a target, other than inspection. */
export interface Use {
  owner: Owner;
  /** The space that must be free for trials' files, in KiB. */
  roomKib: number;
  /** Where an earlier session of the run kept them, if any. */
  before?: string | null;
}

/** What is known about a target, and where a run has its files on it: asked over the current link. */
export class Residence {
  readonly #name: string;
  readonly #wantedShell: string | undefined;
  readonly #use: Use | undefined;
  readonly #run: (script: string, options?: CommandOptions) => Promise<CommandResult>;
  #facts: TargetFacts | undefined;
  #asking: Promise<TargetFacts> | undefined;
  #home: Home | undefined;
  readonly #full: string[] = [];

  constructor(
    name: string,
    wantedShell: string | undefined,
    use: Use | undefined,
    run: (script: string, options?: CommandOptions) => Promise<CommandResult>,
  ) {
    this.#name = name;
    this.#wantedShell = wantedShell;
    this.#use = use;
    this.#run = run;
  }

  /** Where the run has its files; undefined if it has none. */
  get home(): Home | undefined {
    return this.#home;
  }

  /** The same, if it must have some. */
  homeOf(): Home {
    if (this.#home === undefined)
      throw new Error(`${this.#name}: a target that is only looked at has no trials`);
    return this.#home;
  }

  /** There is a new link: earlier knowledge may be obsolete, and is checked on demand. */
  renewed(): void {
    this.#asking = undefined;
  }

  /**
   * Everything known about it; asked once per boot, and checked over each new link. @throws LinkLost, Problem
   */
  async facts(): Promise<TargetFacts> {
    this.#asking ??= this.#greet();
    const asking = this.#asking;
    try {
      return await asking;
    } catch (error) {
      if (this.#asking === asking) this.#asking = undefined;
      throw error;
    }
  }

  /** Whether results can be kept there, that is, 64 KiB can be written. @throws LinkLost */
  async hasRoom(): Promise<boolean> {
    const file = quote(`${this.homeOf().directory}/room`);
    return (await this.#run(`head -c 65536 /dev/zero >${file}; s=$?; rm -f ${file}; exit $s`)).exitCode === 0;
  }

  /** The trials' directory is full: the next one tries another place. */
  full(): void {
    if (this.#home === undefined) return;
    this.#full.push(this.#home.scratch);
    this.#facts = this.#asking = undefined;
  }

  /**
   * Ends whatever the run left running there, and removes the files of all of its sessions.
   * @throws LinkLost; Error if that did not finish.
   */
  async leave(groups: readonly string[] = []): Promise<void> {
    if (this.#use === undefined) return;
    const { owner } = this.#use;
    const { exitCode, stdout, stderr } = await this.#run(leaveScript(owner, this.#name, groups), {
      timeoutMs: 60_000,
    });
    if (exitCode !== 0) throw new Error(stderr.trim() || 'not finished within 60 s');
    for (const lock of readLocks(stdout)) await this.#run(unlockScript(lock, owner, this.#name));
    this.#home = this.#facts = this.#asking = undefined;
  }

  async #greet(): Promise<TargetFacts> {
    if (this.#facts !== undefined && (await this.#stands(this.#facts.boot))) return this.#facts;
    const { clock, ...found } = readGreeting((await this.#run(greetingScript(this.#wantedShell))).stdout);
    if (clock === undefined)
      throw new Problem({
        code: 'VGB-GUEST-CLOCK',
        message: `${this.#name}: no clock that its shell (${found.shell}) can read`,
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
    const lock = home.lock === undefined ? '' : lockScript(home.lock, use.owner, this.#name);
    const { stdout } = await this.#run(`${standsScript(home)}\n${lock}`);
    const [now, ...said] = stdout.split('\n');
    if (now !== boot || boot === '') return false;
    this.#refuseIfHeld(readLock(said.join('\n'), use.owner));
    return true;
  }

  /** Finds a place for the run's files, and takes the target's lock. @returns remarks */
  async #settle({ owner, roomKib, before }: Use): Promise<string[]> {
    const { stdout } = await this.#run(homeScript(owner, this.#name, roomKib, this.#full, before ?? null));
    const home = (this.#home = readHome(stdout, owner, this.#name));
    const passed = home.passedOver.map((words) => `no files in ${words}; they are in ${home.scratch}`);
    const none = 'another run on it would not be noticed, because no lock can be kept there';
    if (home.lock === undefined) return [...passed, none];
    const script = lockScript(home.lock, owner, this.#name);
    const state = readLock((await this.#run(script)).stdout, owner);
    this.#refuseIfHeld(state);
    return state.kind === 'none' ? [...passed, none] : passed;
  }

  #refuseIfHeld(state: LockState): void {
    if (state.kind === 'held') throw inUse(this.#name, state.by);
  }
}
