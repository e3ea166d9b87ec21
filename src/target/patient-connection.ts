import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, type Sessions } from './connection.ts';
import type { CommandOptions, CommandResult } from './lifecycle.ts';
import { LinkLost, linkLost } from './link.ts';
import { type Address, HANDSHAKE_MS } from './ssh.ts';
import type { SshProcess } from './ssh-process.ts';

/** Waits between attempts to connect again, in ms; the last one for all that follow. */
const BACKOFF_MS = [0, 250, 500, 1000, 2000, 4000, 8000];

/**
 * For how long a target is tried that has not answered yet, and one that has and then was lost, in ms. The first leaves
 * some of the 15 s within which silence is known to a busy machine.
 */
const PATIENCE_MS = { first: 12_000, again: 60_000 };

/** Prints what is another after each boot. */
export const BOOT_ID = 'cat /proc/sys/kernel/random/boot_id';

/** Less time than this is not worth an attempt. */
const ATTEMPT_MS = 1000;

/** A target's connection: opened on demand, reopened when lost. */
export class PatientConnection {
  readonly #name: string;
  readonly #address: Address;
  readonly #controlDirectory: string;
  readonly #onNew: () => void;
  /** How more sessions are had; found out when a server refuses one. */
  #sessions: Sessions = 'shared';
  #current: Connection | undefined;
  #connecting: Promise<Connection> | undefined;
  #generation = 0;
  /** How often it was closed from outside: who is connecting then gives up. */
  #closes = 0;
  /** It has answered once. */
  #answered = false;
  #hurried = false;
  #unreachable: LinkLost | undefined;
  #away: LinkLost | undefined;
  #boot: { id: string; why: LinkLost } | undefined;

  /** @param onNew is told of each connection: what was known over the one before may not hold any more. */
  constructor(name: string, address: Address, controlDirectory: string, onNew: () => void) {
    this.#name = name;
    this.#address = address;
    this.#controlDirectory = controlDirectory;
    this.#onNew = onNew;
  }

  /** Why it did not come back, the last time that it was tried: from then on one attempt each time is enough. */
  get unreachable(): LinkLost | undefined {
    return this.#away ?? this.#unreachable;
  }

  /** What answers at its address is not it: nothing is asked there, until it is back. */
  async away(why: LinkLost): Promise<void> {
    this.#away = why;
    await this.close();
  }

  /**
   * It may answer again, and is met as if for the first time.
   * @param boot The boot id that it has to have: what answers by another is not it, and nothing is asked of that.
   */
  back(boot?: { id: string; why: LinkLost }): void {
    this.#away = this.#unreachable = undefined;
    this.#answered = false;
    this.#boot = boot;
  }

  get isAway(): boolean {
    return this.#away !== undefined;
  }

  /** From here on it is only to be left in order: the patience is that of a first attempt, and it is had once. */
  hurry(): void {
    this.#hurried = true;
  }

  get stands(): boolean {
    return this.#current !== undefined && this.#current.gone === undefined;
  }

  /** The connection that stands, or a new one. @throws LinkLost */
  async get(limitMs = HANDSHAKE_MS): Promise<Connection> {
    if (this.#away !== undefined) throw this.#away;
    if (this.#current !== undefined && this.#current.gone === undefined) {
      this.#current.wake();
      return this.#current;
    }
    this.#connecting ??= this.#open(limitMs).finally(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  /** One script for POSIX sh, in the lifecycle shell. @throws LinkLost */
  async run(script: string, options: CommandOptions = {}): Promise<CommandResult> {
    return (await this.get()).shell.run(script, options);
  }

  /**
   * Sees to a connection that works, after a link was lost or before work begins, with some patience. One that
   * does not carry a command is given up: it may be dead without having noticed yet.
   * @param onAttempt is told of each attempt that failed.
   * @param over ends it: nobody waits for it any more.
   * @throws LinkLost of the last attempt.
   */
  async renew(onAttempt: (error: LinkLost) => void, over?: AbortSignal): Promise<void> {
    if (this.#away !== undefined) throw this.#away;
    if (this.#hurried && this.#unreachable !== undefined) throw this.#unreachable;
    const patient = this.#answered && this.#unreachable === undefined;
    const began = performance.now();
    const closes = this.#closes;
    for (let attempt = 0; ; attempt++) {
      const until = began + (patient && !this.#hurried ? PATIENCE_MS.again : PATIENCE_MS.first);
      const old = this.stands;
      try {
        await this.get(Math.max(ATTEMPT_MS, Math.min(HANDSHAKE_MS, until - performance.now())));
        const { exitCode } = await this.run(':', { timeoutMs: HANDSHAKE_MS });
        if (exitCode === null) throw linkLost(this.#address, 'the connection carries nothing', '');
        this.#unreachable = undefined;
        return;
      } catch (error) {
        if (!(error instanceof LinkLost) || this.isAway) throw error;
        await this.#drop();
        if (closes !== this.#closes) throw error;
        // That an old connection is dead is why we are here; that a new one can't be made is news.
        if (old) continue;
        onAttempt(error);
        const wait = waitAfter(attempt);
        const late = performance.now() + wait > until - ATTEMPT_MS;
        if (over?.aborted === true) throw error;
        if (this.#unreachable !== undefined || error.final || late) {
          this.#unreachable = error;
          throw error;
        }
        await sleep(wait, undefined, over === undefined ? {} : { signal: over }).catch(() => undefined);
      }
    }
  }

  /**
   * Opens something in a session beside the lifecycle shell. A server that gives a connection no second one is found
   * out here: from then on each has a connection of its own, with the patience of a new one.
   * @throws LinkLost
   */
  async withSession<T>(
    open: (start: (command: string) => SshProcess, gone: () => LinkLost | undefined) => Promise<T>,
  ): Promise<T> {
    const connection = await this.get();
    const until = performance.now() + PATIENCE_MS.first;
    for (let attempt = 0; ; attempt++) {
      try {
        return await open(
          (command) => connection.session(command, this.#sessions),
          () => connection.gone,
        );
      } catch (error) {
        if (!(error instanceof LinkLost) || connection.gone !== undefined) throw error;
        const wait = waitAfter(attempt);
        const late = performance.now() + wait > until - ATTEMPT_MS;
        if (this.#sessions === 'own connections' ? late : !error.refused) throw error;
        this.#sessions = 'own connections';
        await sleep(wait);
      }
    }
  }

  /** Its target falls asleep: the connection outlives that if it can, and wakes when it is asked for. */
  async sleep(): Promise<void> {
    if (this.stands && this.#current?.sleep() !== true) await this.#drop();
  }

  async close(): Promise<void> {
    this.#closes++;
    await this.#drop();
  }

  async #drop(): Promise<void> {
    const connection = this.#current;
    this.#current = undefined;
    this.#generation++;
    await connection?.close();
  }

  async #open(limitMs: number): Promise<Connection> {
    const generation = ++this.#generation;
    const socket = join(this.#controlDirectory, `${this.#name}.${generation}`);
    this.#onNew();
    // One whose shell has died may still be there for what shares it.
    void this.#current?.close();
    const connection = await Connection.open(this.#address, socket, () => this.#sessions, limitMs);
    if (generation !== this.#generation) {
      await connection.close();
      throw linkLost(this.#address, 'the connection was closed while it was made', '');
    }
    if (this.#boot !== undefined) {
      const { stdout } = await connection.shell.run(BOOT_ID);
      if (stdout.trim() !== this.#boot.id) {
        this.#away = this.#boot.why;
        await connection.close();
        throw this.#away;
      }
    }
    this.#answered = true;
    this.#current = connection;
    return connection;
  }
}

function waitAfter(attempt: number): number {
  return BACKOFF_MS[Math.min(attempt, BACKOFF_MS.length - 1)] ?? 0;
}
