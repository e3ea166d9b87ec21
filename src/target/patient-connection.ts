import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, type Sessions } from './connection.ts';
import type { CommandOptions, CommandResult } from './lifecycle.ts';
import { LinkLost, linkLost } from './link.ts';
import { type Address, HANDSHAKE_MS } from './ssh.ts';
import type { SshProcess } from './ssh-process.ts';

/** Waits between attempts to reconnect, in ms; the last one for all further attempts. */
const BACKOFF_MS = [0, 250, 500, 1000, 2000, 4000, 8000];

/**
 * How long to try a target that has not answered yet, and one that has answered and was then lost, in ms. The
 * first leaves some of the 15 s within which a busy machine notices silence.
 */
const PATIENCE_MS = { first: 12_000, again: 60_000 };

/** Prints an id that differs for each boot. */
export const BOOT_ID = 'cat /proc/sys/kernel/random/boot_id';

/** Less time than this is not worth an attempt. */
const ATTEMPT_MS = 1000;

/** A target's connection: opened on demand, reopened when lost. */
export class PatientConnection {
  readonly #name: string;
  readonly #address: Address;
  readonly #controlDirectory: string;
  readonly #onNew: () => void;
  /** How more sessions are opened; found out when a server refuses one. */
  #sessions: Sessions = 'shared';
  #current: Connection | undefined;
  #connecting: Promise<Connection> | undefined;
  #generation = 0;
  /** How often it was closed from outside: connecting attempts then give up. */
  #closes = 0;
  /** It has answered once. */
  #answered = false;
  #hurried = false;
  #unreachable: LinkLost | undefined;
  #away: LinkLost | undefined;
  #boot: { id: string; why: LinkLost } | undefined;

  /** @param onNew is called for each connection: what was known over the previous one may be obsolete. */
  constructor(name: string, address: Address, controlDirectory: string, onNew: () => void) {
    this.#name = name;
    this.#address = address;
    this.#controlDirectory = controlDirectory;
    this.#onNew = onNew;
  }

  /** Why it did not come back at the last attempt: from then on one attempt each time is enough. */
  get unreachable(): LinkLost | undefined {
    return this.#away ?? this.#unreachable;
  }

  /** Another system answers at its address: nothing is asked there until it is back. */
  async away(why: LinkLost): Promise<void> {
    this.#away = why;
    await this.close();
  }

  /**
   * It may answer again, and is treated as new.
   * @param boot The boot id that it must have: a system with another one is not it, and nothing is asked of
   * that.
   */
  back(boot?: { id: string; why: LinkLost }): void {
    this.#away = this.#unreachable = undefined;
    this.#answered = false;
    this.#boot = boot;
  }

  get isAway(): boolean {
    return this.#away !== undefined;
  }

  /** From here on it is only left in order: with the patience of a first attempt, once. */
  hurry(): void {
    this.#hurried = true;
  }

  get stands(): boolean {
    return this.#current !== undefined && this.#current.gone === undefined;
  }

  /** The existing connection, or a new one. @throws LinkLost */
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
   * Ensures a working connection, after a link was lost or before work begins, with some patience. One that
   * does not carry a command is given up: it may be dead without having noticed yet.
   * @param onAttempt is called for each failed attempt.
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
        if (exitCode === null) throw linkLost(this.#address, 'the connection carries no data', '');
        this.#unreachable = undefined;
        return;
      } catch (error) {
        if (!(error instanceof LinkLost) || this.isAway) throw error;
        await this.#drop();
        if (closes !== this.#closes) throw error;
        // A dead old connection is the reason for this call; failing to open a new one is news.
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
   * Opens something in another session than the lifecycle shell. A server that allows no second session per
   * connection is found out here: from then on each session has its own connection, with the patience of a
   * new one.
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

  /** Its target is paused: the connection survives that if it can, and wakes when it is needed. */
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
    // One whose shell has died may remain for the sessions that share it.
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
