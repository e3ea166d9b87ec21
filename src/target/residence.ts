import { Problem } from '../problem.ts';
import { quote } from '../words/quote.ts';
import type { GuestClock } from './clock.ts';
import { type Containment, greetingScript, readGreeting } from './greeting.ts';
import { type Home, type Owner, homeScript, leaveScript, readHome, readLocks, standsScript } from './home.ts';
import type { CommandOptions, CommandResult } from './lifecycle.ts';
import { type LockState, inUse, lockScript, readLock, unlockScript } from './target-lock.ts';

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
  /** Where an earlier session of the run kept them, if one did. */
  before?: string | null;
}

/** What is known of a target, and where a run has its files on it: asked over whatever link there is. */
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

  /** Where the run has its files; undefined where it has none. */
  get home(): Home | undefined {
    return this.#home;
  }

  /** The same, where it has to have some. */
  homeOf(): Home {
    if (this.#home === undefined)
      throw new Error(`${this.#name}: a target that is only looked at has no trials`);
    return this.#home;
  }

  /** There is a new link: what was known may not hold any more, and is looked after when it is asked for. */
  renewed(): void {
    this.#asking = undefined;
  }

  /** What there is to be known of it; asked once per boot, and looked after over each new link. @throws LinkLost, Problem */
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

  /** Whether results can be kept there: 64 KiB can be written. @throws LinkLost */
  async hasRoom(): Promise<boolean> {
    const file = quote(`${this.homeOf().directory}/room`);
    return (await this.#run(`head -c 65536 /dev/zero >${file}; s=$?; rm -f ${file}; exit $s`)).exitCode === 0;
  }

  /** There is no room any more where trials keep their files: the next one looks for another place. */
  full(): void {
    if (this.#home === undefined) return;
    this.#full.push(this.#home.scratch);
    this.#facts = this.#asking = undefined;
  }

  /**
   * Ends whatever the run has left going on there, and removes its files, of all of its sessions.
   * @throws LinkLost; Error where that was not done to its end.
   */
  async leave(groups: readonly string[] = []): Promise<void> {
    if (this.#use === undefined) return;
    const { owner } = this.#use;
    const { exitCode, stdout, stderr } = await this.#run(leaveScript(owner, this.#name, groups), {
      timeoutMs: 60_000,
    });
    if (exitCode !== 0) throw new Error(stderr.trim() || 'no end within 60 s');
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
    const none = 'another run on it would not be noticed, since no lock can be kept there';
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
