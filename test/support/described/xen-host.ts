/**
 * A computer with Xen that is described: dom0, guests that are created and destroyed, and their store. Toolstack: xl(1),
 * xenstore(1) of Xen 4.17; its words are tools/xl's and tools/xenstore's.
 */
import { randomUUID } from 'node:crypto';
import { type Server, createServer } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Servers, startServers } from '../../../bench/loopback/sshd.ts';
import { Machine } from './machine.ts';
import { Xenstore } from './xenstore.ts';

export interface Answer {
  stdout?: string;
  stderr?: string;
  exitCode: number;
}

/** What answers a command: the machine that it is run on, and its arguments. */
export type Command = (machine: Machine, args: readonly string[]) => Answer | Promise<Answer>;

export const done = (stdout = ''): Answer => ({ stdout, exitCode: 0 });
export const failed = (stderr: string, exitCode = 1): Answer => ({ stderr: `${stderr}\n`, exitCode });

export interface Domain {
  id: number;
  machine: Machine;
  /** Settings of its xl.cfg, with those of the command line. */
  settings: ReadonlyMap<string, string>;
}

/** What is plugged into it: drivers and devices, by the commands that they answer and what they do when a machine boots. */
export interface Part {
  commands?: Readonly<Record<string, Command>>;
  /** A domain was created, or dom0 was booted. */
  booted?: (machine: Machine, domain: Domain | undefined) => void;
  /** Why a domain with these settings can't be created. */
  refusal?: (settings: ReadonlyMap<string, string>) => string | undefined;
  /** A domain is about to go, while its store is still there. @throws Error where that takes dom0 along */
  ending?: (domain: Domain) => void;
}

/** What GRUB has entries for. */
export type HostBoot = 'xen' | 'bare';

export class XenHost {
  readonly store = new Xenstore();
  readonly dom0: Machine;
  readonly guests: readonly Machine[];
  readonly domains = new Map<string, Domain>();
  /** How long a guest takes to boot, in ms. */
  bootMs = 50;
  /** How long the computer itself takes to start, in ms. */
  hostBootMs = 200;
  /** As what it is up: under Xen, or its Linux alone. */
  bootedAs: HostBoot = 'xen';
  /** As what it starts where nothing was selected. */
  defaultBoot: HostBoot = 'xen';
  /** What is selected for the next start has no effect: GRUB_DEFAULT is not saved. */
  selectsNothing = false;
  /** So many of its next starts hang before sshd. */
  hangs = 0;
  /** Guests that hang: they neither boot to the end nor shut down by themselves. */
  readonly hung = new Set<string>();
  /** Guests whose next boots end in a panic: how many. */
  readonly panics = new Map<string, number>();
  /** Why dom0 has crashed. */
  crashed: string | undefined;
  /** Each command line that was answered, with the machine's name before it. */
  readonly asked: string[] = [];
  readonly #folder: string;
  readonly #server: Server;
  readonly #parts: Part[] = [];
  #servers: Servers | undefined;
  #nextId = 1;
  readonly #serial = randomUUID();
  readonly #socket: string;
  #selected: HostBoot | undefined;
  #starting: NodeJS.Timeout | undefined;

  constructor(guests: readonly string[]) {
    if (process.getuid?.() !== 0)
      throw new Error('this test needs root: it gives each machine mounts and processes of its own');
    this.#folder = mkdtempSync(join(tmpdir(), 'vgb-xen-'));
    const socket = (this.#socket = join(this.#folder, 'socket'));
    const everywhere = ['modprobe', 'rmmod', 'mmul', 'systemd-detect-virt'];
    const inDom0 = [
      'xl',
      'grub-reboot',
      'reboot',
      'xenstore-read',
      'xenstore-write',
      'xenstore-rm',
      'xenstore-chmod',
      'xenstore-list',
    ];
    this.dom0 = new Machine('dom0', this.#folder, socket, [...everywhere, ...inDom0]);
    this.guests = guests.map((name) => new Machine(name, this.#folder, socket, everywhere));
    this.#server = createServer((connection) => {
      let asked = '';
      connection.on('data', (chunk) => {
        asked += chunk.toString();
        if (!asked.endsWith('\n')) return;
        const { machine, command } = JSON.parse(asked) as { machine: string; command: string[] };
        this.asked.push([machine, ...command].join(' '));
        void this.#answer(machine, command).then((answer) => connection.end(JSON.stringify(answer)));
      });
      connection.on('error', () => undefined);
    }).listen(socket);
  }

  plug(part: Part): void {
    this.#parts.push(part);
  }

  /** Boots dom0 and creates the guests. */
  async start(): Promise<Servers> {
    this.#bootDom0();
    for (const { name } of this.guests) this.create(name, new Map());
    const pid = (alias: string) => this.#servers?.pid(alias) ?? 0;
    this.#servers = await startServers([this.dom0, ...this.guests].map((machine) => machine.server(pid)));
    return this.#servers;
  }

  /** Switched off and on again, whatever state it was in. */
  reboot(): void {
    this.#off();
    this.#bootDom0();
    if (this.bootedAs === 'bare') return;
    for (const { name } of this.guests) this.create(name, new Map());
  }

  /** A command line, run outside of it, that switches it off and on again by its power controller. */
  get resetCommand(): string {
    return [process.execPath, join(import.meta.dirname, 'client'), this.#socket, 'dom0', 'power-cycle'].join(
      ' ',
    );
  }

  #off(): void {
    for (const name of [...this.domains.keys()]) this.#end(name);
    this.dom0.off();
    this.crashed = undefined;
    this.hung.clear();
    this.store.remove('/local');
  }

  /** Goes down, and comes up as what was selected, once, or else as always. */
  #restart(): Answer {
    clearTimeout(this.#starting);
    this.#starting = setTimeout(() => {
      this.#off();
      this.bootedAs = (this.selectsNothing ? undefined : this.#selected) ?? this.defaultBoot;
      this.#selected = undefined;
      this.#starting = setTimeout(() => {
        if (this.hangs-- > 0) return;
        this.hangs = 0;
        this.reboot();
      }, this.hostBootMs);
    }, 50);
    return done();
  }

  async close(): Promise<void> {
    clearTimeout(this.#starting);
    for (const machine of [this.dom0, ...this.guests]) machine.close();
    await this.#servers?.stop();
    await new Promise((closed) => this.#server.close(closed));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** dom0 has crashed, which takes all guests along. */
  crash(why: string): void {
    this.crashed = why;
    for (const machine of [this.dom0, ...this.guests]) machine.off();
    this.domains.clear();
  }

  domainOf(machine: Machine): Domain | undefined {
    return this.domains.get(machine.name);
  }

  /** A guest ends as it stands. */
  end(name: string): void {
    const domain = this.domains.get(name);
    if (domain === undefined) return;
    for (const { ending } of this.#parts) ending?.(domain);
    this.#end(name);
  }

  #end(name: string): void {
    const domain = this.domains.get(name);
    domain?.machine.off();
    this.domains.delete(name);
    this.store.remove(`/local/domain/${domain?.id ?? ''}`);
  }

  #bootDom0(): void {
    this.store.write('/local/domain/0/name', 'Domain-0');
    this.dom0.boot();
    this.dom0.file('class/dmi/id/product_uuid', `${this.#serial}\n`);
    if (this.bootedAs === 'xen') this.dom0.file('hypervisor/type', 'xen\n');
    for (const { booted } of this.#parts) booted?.(this.dom0, undefined);
  }

  /** A guest is created as its configuration and these settings have it. */
  create(name: string, settings: ReadonlyMap<string, string>): void {
    const machine = this.guests.find((guest) => guest.name === name);
    if (machine === undefined) return;
    const domain = { id: this.#nextId++, machine, settings };
    this.domains.set(name, domain);
    this.store.write(`/local/domain/${domain.id}/name`, name);
    const panics = this.panics.get(name) ?? 0;
    if (panics > 0) {
      this.panics.set(name, panics - 1);
      // A domain that has crashed stays, with on_crash=preserve; its console is what xenconsoled keeps.
      writeFileSync(this.consoleOf(name), 'Kernel panic - not syncing: VFS: Unable to mount root fs\n');
      return;
    }
    machine.boot();
    // XENFEAT: auto-translated in what is no PV guest.
    machine.file('hypervisor/properties/features', '00002705\n');
    for (const { booted } of this.#parts) booted?.(machine, domain);
  }

  /** Where dom0 keeps what a guest writes to its console. */
  consoleOf(guest: string): string {
    return join(this.#folder, `guest-${guest}.log`);
  }

  async #answer(name: string, [command = '', ...args]: readonly string[]): Promise<Answer> {
    const machine = [this.dom0, ...this.guests].find((one) => one.name === name);
    if (machine === undefined) return failed('no such machine');
    if (command === 'reboot' || command === 'power-cycle') return this.#restart();
    if (command === 'grub-reboot') {
      if (args[0] === 'xen' || args[0] === 'bare') this.#selected = args[0];
      return done();
    }
    if (this.bootedAs === 'bare' && /^xl$|^xenstore-/.test(command))
      return failed('xencall: error: Could not obtain handle on privileged command interface');
    if (command === 'xl') return this.#xl(args);
    if (command.startsWith('xenstore-')) return this.#xenstore(command, args);
    if (command === 'systemd-detect-virt')
      return { stdout: machine === this.dom0 ? 'none\n' : 'xen\n', exitCode: 0 };
    for (const { commands } of this.#parts) {
      const own = commands?.[command];
      if (own !== undefined) return own(machine, args);
    }
    return failed(`${command}: command not found`, 127);
  }

  async #xl([verb = '', ...args]: readonly string[]): Promise<Answer> {
    const words = args.filter((arg) => !arg.startsWith('-'));
    const [first = ''] = words;
    const domain = this.domains.get(first);
    switch (verb) {
      case 'domid':
        return domain === undefined
          ? failed(`Can't get domid of domain name '${first}', maybe this domain does not exist.`)
          : done(`${domain.id}\n`);
      case 'domname': {
        const found = [...this.domains].find(([, { id }]) => String(id) === first);
        return found === undefined
          ? failed(`Can't get domain name of domain id '${first}', maybe this domain does not exist.`)
          : done(`${found[0]}\n`);
      }
      case 'create': {
        const name = /^\/etc\/xen\/(\w+)\.cfg$/.exec(first)?.[1] ?? '';
        if (!this.guests.some((guest) => guest.name === name))
          return failed(`Failed to read config file: ${first}: No such file or directory`);
        if (this.domains.has(name)) return failed(`A domain with name "${name}" already exists.`);
        await sleep(this.bootMs);
        const settings = words.slice(1).map((word) => word.split('=') as [string, string]);
        for (const part of this.#parts) {
          const refused = part.refusal?.(new Map(settings));
          if (refused !== undefined) return failed(`libxl: error: device model did not start: ${refused}`);
        }
        this.create(name, new Map(settings));
        return done(`Parsing config from ${first}\n`);
      }
      case 'shutdown':
        if (domain === undefined) return failed(`${first} is an invalid domain identifier (rc=-6)`);
        // -w waits for it, for as long as it takes.
        while (this.hung.has(first) && this.domains.has(first)) await sleep(50);
        this.end(first);
        return done(`Shutting down domain ${domain.id}\n`);
      case 'destroy':
        if (domain === undefined) return failed(`${first} is an invalid domain identifier (rc=-6)`);
        this.hung.delete(first);
        this.end(first);
        return done();
      default:
        return failed(`xl: unknown command ${verb}`);
    }
  }

  #xenstore(command: string, args: readonly string[]): Answer {
    const [path = '', value] = args;
    switch (command) {
      case 'xenstore-read': {
        const found = this.store.read(path);
        return found === undefined ? failed(`xenstore-read: couldn't read path ${path}`) : done(`${found}\n`);
      }
      case 'xenstore-write':
        this.store.write(path, value ?? '');
        return done();
      case 'xenstore-rm':
        return this.store.remove(path) ? done() : failed(`xenstore-rm: could not remove path ${path}`);
      case 'xenstore-list':
        return this.store.has(path)
          ? done(
              this.store
                .list(path)
                .map((name) => `${name}\n`)
                .join(''),
            )
          : failed(`xenstore-list: could not list path ${path}`);
      case 'xenstore-chmod':
        return this.store.has(path) ? done() : failed(`Error occurred setting permissions on '${path}'`);
      default:
        return failed(`${command}: command not found`, 127);
    }
  }
}
