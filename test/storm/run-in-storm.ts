/** One run of the real command line on a real sshd, hit at random points until it has ended, and then looked at. */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FILES } from '../../src/record/run-directory.ts';
import type { Random } from '../../src/statistics/prng.ts';
import type { Kind, Lane, Log } from './lane.ts';
import { type Ended, type Running, start, within } from './program.ts';
import { victims } from './victims.ts';
import { unreadable, violationsOf } from './whole.ts';
import { type Guest, experimentText, isAsItWas, newGuest } from './workload.ts';

/** A command ends within this of its fault. */
const LIMIT_MS = 20_000;
/** A run that nothing befalls any more ends within this. */
const CALM_LIMIT_MS = 90_000;
const MOST_POINTS = 12;

class Violation extends Error {}

export class RunInStorm {
  readonly directory: string;
  readonly #lane: Lane;
  readonly #random: Random;
  readonly #log: Log;
  readonly #guest: Guest;
  readonly #journal: string;
  readonly #control: string;
  #running: Running;
  #filledMs: number | undefined;
  #forgotten = 0;
  #lostLinks = 0;
  /** How many of them have been an excuse for trials that failed. */
  #retried = 0;
  #history: string[] = [];

  constructor(lane: Lane, random: Random, log: Log) {
    [this.#lane, this.#random, this.#log] = [lane, random, log];
    const own = join(lane.folder, 'run');
    rmSync(own, { recursive: true, force: true });
    this.#control = join(lane.folder, 't');
    for (const folder of [own, this.#control]) mkdirSync(folder, { recursive: true });
    this.#guest = newGuest(own, lane.server.alias, lane.server.sshConfig);
    writeFileSync(join(own, 'storm.yaml'), experimentText(this.#guest));
    this.directory = join(lane.disk?.folder ?? own, 'report');
    rmSync(this.directory, { recursive: true, force: true });
    this.#journal = join(this.directory, FILES.journal);
    this.#running = this.#begin();
  }

  /** @returns what must not be, and what had happened until then. */
  async toItsEnd(): Promise<string[]> {
    try {
      for (let point = 0; point < MOST_POINTS && !(await this.#isOver()); point++) {
        await this.#moment();
        if (!this.#log.next()) break;
        await this.#hit();
        this.#refuse(existsSync(this.#journal) ? unreadable(this.directory) : []);
      }
      while (!(await this.#isOver())) await this.#awaited(this.#running, CALM_LIMIT_MS);
      this.#refuse(await this.#found());
      return [];
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      return [error.message, ...this.#history];
    } finally {
      this.#running.kill();
      await this.#running.ended;
      this.#lane.disk?.free();
    }
  }

  /** Keeps what there is of a run that went wrong for a look, and removes what that left on the target. */
  async keep(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    copyFileSync(this.#guest.executions, join(folder, 'executions'));
    if (!existsSync(this.directory)) return;
    cpSync(this.directory, join(folder, 'report'), { recursive: true });
    if (!this.#begun()) return;
    await within(this.#start('restore', this.directory), LIMIT_MS);
    const token = /"token":"(\w+)"/.exec(readFileSync(this.#journal, 'utf8'))?.[1];
    if (token !== undefined) rmSync(`/dev/shm/vgpubench-${token}`, { recursive: true, force: true });
  }

  #start(...args: string[]): Running {
    this.#history.push(args.slice(0, 1).join(' '));
    return start(this.#lane.program, args, this.#lane.folder, this.#control);
  }

  #begin(): Running {
    return this.#start('run', join(this.#lane.folder, 'run', 'storm.yaml'), '--out', this.directory);
  }

  /** Whether the run has come to its end; goes on with one whose disk was full. */
  async #isOver(): Promise<boolean> {
    const ended = this.#running.result;
    if (ended === undefined) return false;
    if (ended.exitCode === 0) return true;
    if (this.#filledMs !== undefined) {
      this.#endedForWantOfRoom(ended);
      this.#goOn();
    } else if (ended.exitCode === 4 && this.#lostLinks > this.#retried) {
      // A link that was lost twice as one mode was entered may cost its trials an attempt.
      this.#forgotten += this.#lostLinks - this.#retried;
      this.#retried = this.#lostLinks;
      this.#log.retried();
      this.#running = this.#start('resume', this.directory, '--retry');
    } else throw new Violation(`${this.#running.what} ended with ${ended.exitCode}: ${ended.said}`);
    return this.#isOver();
  }

  /** Of those at random times, half are right where something is written down: there, orders matter. */
  async #moment(): Promise<void> {
    const atWrite = this.#random.integer(2) === 0;
    let writes = atWrite ? 1 + this.#random.integer(10) : Infinity;
    const endMs = performance.now() + (atWrite ? 5000 : this.#random.integer(1500));
    for (let size = sizeOf(this.#journal); writes > 0 && performance.now() < endMs;) {
      if (this.#running.result !== undefined) return;
      await sleep(2);
      if (sizeOf(this.#journal) !== size) writes--;
      size = sizeOf(this.#journal);
    }
    await sleep(this.#random.integer(10));
  }

  async #hit(): Promise<void> {
    const kinds: Kind[] = this.#lane.disk === undefined ? ['harness', 'link'] : ['harness', 'link', 'disk'];
    const kind = kinds[this.#random.integer(kinds.length)] ?? 'harness';
    this.#history.push(kind);
    const missed = kind === 'link' && !(await this.#cutLink());
    this.#log.hit(missed ? undefined : kind);
    if (kind === 'harness') await this.#killHarness();
    if (kind === 'disk') await this.#fillDisk();
  }

  async #killHarness(): Promise<void> {
    this.#running.kill();
    await this.#running.ended;
    this.#filledMs = undefined;
    if (this.#begun()) {
      if (this.#random.integer(4) === 0) await this.#restore();
      if (this.#random.integer(6) === 0) await this.#aside('report');
    }
    this.#goOn();
  }

  /** @returns whether there was one. */
  async #cutLink(): Promise<boolean> {
    // There is none before it has connected.
    for (let tries = 0; tries < 500 && this.#running.result === undefined; tries++) {
      const found = victims(this.#running.pid, this.#lane.server.pid);
      const victim = found[this.#random.integer(Math.max(1, found.length))];
      if (victim !== undefined && killed(victim)) {
        this.#lostLinks++;
        return true;
      }
      await sleep(5);
    }
    return false;
  }

  async #fillDisk(): Promise<void> {
    const { disk } = this.#lane;
    if (disk === undefined) return;
    this.#filledMs = performance.now();
    // A file that grows keeps what is left of its last page: the journal is cut where that ends, at any byte of a line.
    disk.fill();
    if (this.#random.integer(3) === 0) {
      await sleep(this.#random.integer(300));
      disk.free();
      return;
    }
    this.#endedForWantOfRoom(await this.#awaited(this.#running, LIMIT_MS));
    if (this.#begun()) {
      const command = (['resume', 'report', 'restore', undefined] as const)[this.#random.integer(4)];
      if (command !== undefined) await this.#aside(command);
    }
    disk.free();
    this.#goOn();
  }

  #endedForWantOfRoom({ exitCode, said, atMs }: Ended): void {
    this.#log.ended(`${this.#running.what}, disk full`, atMs - (this.#filledMs ?? atMs));
    this.#filledMs = undefined;
    if (exitCode === 0) return;
    if (exitCode !== 4) throw new Violation(`on a full disk, exit ${exitCode}: ${said}`);
    // A run that could not begin has to be begun elsewhere.
    if (!/vgpubench resume|--out DIR/.test(said))
      throw new Violation(`on a full disk, not told what to do: ${said}`);
    // Before its session is open it has done nothing.
    if (hasOpened(this.#journal, this.#running.pid) && !isAsItWas(this.#guest))
      throw new Violation(`on a full disk, the target was not put back: ${said}`);
  }

  async #restore(): Promise<void> {
    const { exitCode, said } = await this.#aside('restore');
    if (exitCode !== 0 || !isAsItWas(this.#guest)) throw new Violation(`restore: exit ${exitCode}: ${said}`);
  }

  /** A command between two sessions of the run. */
  async #aside(command: 'resume' | 'report' | 'restore'): Promise<Ended> {
    // What was being executed is ended, and is executed again.
    if (command === 'restore') this.#forgotten++;
    const running = this.#start(command, this.directory);
    const ended = await this.#awaited(running, LIMIT_MS);
    this.#log.ended(command, ended.atMs - running.startedMs);
    if (/^ {4}at /m.test(ended.said)) throw new Violation(`${command}: ${ended.said}`);
    return ended;
  }

  #goOn(): void {
    if (this.#begun()) {
      this.#running = this.#start('resume', this.directory);
      return;
    }
    rmSync(this.directory, { recursive: true, force: true });
    this.#running = this.#begin();
  }

  /** Whether there is a run to go on with. */
  #begun(): boolean {
    return sizeOf(this.#journal) > 0;
  }

  async #awaited(running: Running, limitMs: number): Promise<Ended> {
    const ended = await within(running, limitMs);
    if (ended === undefined) throw new Violation(`${running.what} did not end within ${limitMs / 1000} s`);
    return ended;
  }

  async #found(): Promise<string[]> {
    const { server } = this.#lane;
    const sessions = () => victims(this.#running.pid, server.pid);
    // A session ends a moment after its connection.
    for (let tries = 0; tries < 500 && sessions().length > 0; tries++) await sleep(10);
    const found = [
      ...violationsOf(this.directory, this.#guest, this.#forgotten),
      ...sessions().map((pid) => `left: process ${pid} of ssh or sshd`),
      ...(existsSync(server.lock) ? ['left: the lock of the target'] : []),
    ];
    // An ssh may have outlived its harness by a moment; then what they left is the next harness's to remove.
    if (this.#sockets().length > 0) await this.#aside('restore');
    return [...found, ...this.#sockets().map((name) => `left: ${name}`)];
  }

  #sockets(): string[] {
    return readdirSync(this.#control).filter((name) => name.startsWith('vgb-'));
  }

  #refuse(violations: readonly string[]): void {
    if (violations.length > 0) throw new Violation(violations.join('\n'));
  }
}

/** Whether the session of a process is in the journal. */
function hasOpened(journal: string, pid: number): boolean {
  return existsSync(journal) && readFileSync(journal, 'utf8').includes(`"pid":${pid}`);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function killed(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false; // it ended meanwhile
  }
}
