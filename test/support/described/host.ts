/**
 * A described computer: its own machine, and guests that are created and destroyed. Its toolstack and the
 * parts plugged into it answer commands there.
 */
import { randomUUID } from 'node:crypto';
import { type Server, createServer } from 'node:net';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Servers, startServers } from '../../../bench/loopback/sshd.ts';
import { type Answer, failed } from './answer.ts';
import { Machine } from './machine.ts';

/**
 * Answers a command, given the machine that it is run on, and its arguments; undefined leaves it to the next
 * part.
 */
export type Command = (
  machine: Machine,
  args: readonly string[],
) => Answer | undefined | Promise<Answer | undefined>;

export interface Domain {
  id: number;
  machine: Machine;
  /** Settings of its virtual GPU: of its configuration, with those of the command line. */
  settings: ReadonlyMap<string, string>;
  /** All of its configuration. */
  config: ReadonlyMap<string, string>;
}

/**
 * A part plugged into it: drivers and devices, by the commands that they answer and what they do when a
 * machine boots.
 */
export interface Part {
  commands?: Readonly<Record<string, Command>>;
  /** What was written to files of sysfs, as its drivers take it. */
  settled?: () => void;
  /** A domain was created, or the host was booted. */
  booted?: (machine: Machine, domain: Domain | undefined) => void;
  /** Why a domain with these settings can't be created, in the toolstack's words. */
  refusal?: (settings: ReadonlyMap<string, string>) => string | undefined;
  /** A domain was given a device while it runs, or had one taken. */
  attached?: (domain: Domain, source: string) => void;
  detached?: (domain: Domain, source: string) => void;
  /** A domain is about to be destroyed. @throws Error if that crashes the host */
  ending?: (domain: Domain) => void;
}

/** Commands that any machine has. */
const EVERYWHERE = [
  ...['modprobe', 'rmmod', 'mmul', 'systemd-detect-virt'],
  ...['depmod', 'reboot', 'update-grub', 'apt-get'],
];

export abstract class DescribedHost {
  /** Its own system. */
  readonly machine: Machine;
  readonly guests: readonly Machine[];
  readonly domains = new Map<string, Domain>();
  /** How long a guest takes to boot, in ms. */
  bootMs = 50;
  /** Guests that hang: they neither boot to the end nor shut down by themselves. */
  readonly hung = new Set<string>();
  /** Each command line that was answered, with the machine's name before it. */
  readonly asked: string[] = [];
  readonly socket: string;
  protected readonly folder: string;
  protected readonly parts: Part[] = [];
  readonly #server: Server;
  #servers: Servers | undefined;
  #nextId = 1;
  readonly #serial = randomUUID();

  /** @param own commands of its own system besides */
  protected constructor(name: string, own: readonly string[], guests: readonly string[]) {
    if (process.getuid?.() !== 0)
      throw new Error('this test needs root: it gives each machine mounts and processes of its own');
    this.folder = mkdtempSync(join(tmpdir(), 'vgb-host-'));
    const socket = (this.socket = join(this.folder, 'socket'));
    chmodSync(this.folder, 0o711);
    this.machine = new Machine(name, this.folder, socket, [...EVERYWHERE, ...own]);
    this.guests = guests.map((guest) => new Machine(guest, this.folder, socket, EVERYWHERE));
    this.#server = createServer({ allowHalfOpen: true }, (connection) => {
      let asked = '';
      connection.on('data', (chunk) => (asked += chunk.toString()));
      connection.on('end', () => {
        const [machine = '', ...command] = asked.split('\0');
        this.asked.push([machine, ...command].join(' '));
        void this.#answer(machine, command).then(({ stdout = '', stderr = '', exitCode }) =>
          connection.end(`${exitCode} ${Buffer.byteLength(stdout)}\n${stdout}${stderr}`),
        );
      });
      connection.on('error', () => undefined);
    }).listen(socket);
  }

  /** How an experiment powers the guest. */
  abstract powerOf(guest: string): string;

  /** A guest as it is without settings besides. */
  abstract create(name: string, settings: ReadonlyMap<string, string>): void;

  /** What its toolstack answers; undefined leaves it to the parts. */
  protected abstract toolstack(
    command: string,
    args: readonly string[],
  ): Answer | undefined | Promise<Answer | undefined>;

  /** Its own system has booted, as far as that is no part's. */
  protected abstract bootHost(): void;

  /** All disks in their initial state. */
  renew(): void {
    for (const machine of [this.machine, ...this.guests]) machine.renew();
  }

  plug(part: Part): void {
    this.parts.push(part);
  }

  /** The same for one whose commands stand in for those of earlier ones. */
  plugBefore(part: Part): void {
    this.parts.unshift(part);
  }

  /** Boots it, and creates the guests. */
  async start(): Promise<Servers> {
    this.renew();
    this.#boot();
    for (const { name } of this.guests) this.create(name, new Map());
    const pid = (alias: string) => this.#servers?.pid(alias) ?? 0;
    this.#servers = await startServers([this.machine, ...this.guests].map((machine) => machine.server(pid)));
    // For who is not root, and is let in by a key in there.
    chmodSync(this.#servers.directory, 0o711);
    return this.#servers;
  }

  /** Changes that commands have written to sysfs take effect. */
  settle(): void {
    for (const { settled } of this.parts) settled?.();
  }

  /** Switched off and on again, whatever its state. */
  reboot(): void {
    this.off();
    this.#boot();
    if (!this.hasGuests) return;
    for (const { name } of this.guests) this.create(name, new Map());
  }

  /** Whether it is up as something that has guests. */
  protected get hasGuests(): boolean {
    return true;
  }

  #boot(): void {
    this.machine.boot();
    this.machine.file('class/dmi/id/product_uuid', `${this.#serial}\n`);
    this.bootHost();
    for (const { booted } of this.parts) booted?.(this.machine, undefined);
  }

  /** Nothing of it runs. */
  off(): void {
    for (const name of [...this.domains.keys()]) this.drop(name);
    this.machine.off();
    this.hung.clear();
  }

  async close(): Promise<void> {
    for (const machine of [this.machine, ...this.guests]) machine.close();
    await this.#servers?.stop();
    await new Promise((closed) => this.#server.close(closed));
    rmSync(this.folder, { recursive: true, force: true });
  }

  domainOf(machine: Machine): Domain | undefined {
    return this.domains.get(machine.name);
  }

  /** Ends a guest immediately. */
  end(name: string): void {
    const domain = this.domains.get(name);
    if (domain === undefined) return;
    for (const { ending } of this.parts) ending?.(domain);
    this.drop(name);
  }

  /** The same without notifying anybody. */
  protected drop(name: string): void {
    this.domains.get(name)?.machine.off();
    this.domains.delete(name);
  }

  /** An entry for a guest that starts. */
  protected enter(
    machine: Machine,
    settings: ReadonlyMap<string, string>,
    config: ReadonlyMap<string, string>,
  ): Domain {
    const domain = { id: this.#nextId++, machine, settings, config };
    this.domains.set(machine.name, domain);
    return domain;
  }

  /** Why no part has what a guest with these settings asks for. */
  protected refusalOf(settings: ReadonlyMap<string, string>): string | undefined {
    for (const part of this.parts) {
      const refused = part.refusal?.(settings);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  /** What the parts answer; undefined where none does. */
  protected async ofParts(
    command: string,
    machine: Machine,
    args: readonly string[],
  ): Promise<Answer | undefined> {
    for (const { commands } of this.parts) {
      const answer = await commands?.[command]?.(machine, args);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  async #answer(name: string, [command = '', ...args]: readonly string[]): Promise<Answer> {
    const machine = [this.machine, ...this.guests].find((one) => one.name === name);
    if (machine === undefined) return failed('no such machine');
    const answer =
      (machine === this.machine || command === 'systemd-detect-virt'
        ? await this.toolstack(command, command === 'systemd-detect-virt' ? [name] : args)
        : undefined) ?? (await this.ofParts(command, machine, args));
    return answer ?? failed(`${command}: command not found`, 127);
  }
}
