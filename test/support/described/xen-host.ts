/**
 * A computer with Xen that is described: dom0, guests that are created and destroyed, and their store. Toolstack: xl(1),
 * xenstore(1) of Xen 4.17; its words are tools/xl's and tools/xenstore's.
 */
import { randomUUID } from 'node:crypto';
import { type Server, createServer } from 'node:net';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Servers, startServers } from '../../../bench/loopback/sshd.ts';
import { type Answer, done, failed } from './answer.ts';
import { Machine } from './machine.ts';
import { Xenstore, answerXenstore } from './xenstore.ts';

/** What answers a command: the machine that it is run on, and its arguments; undefined leaves it to the next part. */
export type Command = (
  machine: Machine,
  args: readonly string[],
) => Answer | undefined | Promise<Answer | undefined>;

export interface Domain {
  id: number;
  machine: Machine;
  /** Settings of its virtual GPU: of its xl.cfg, with those of the command line. */
  settings: ReadonlyMap<string, string>;
  /** All of its xl.cfg. */
  config: ReadonlyMap<string, string>;
}

/** What is plugged into it: drivers and devices, by the commands that they answer and what they do when a machine boots. */
export interface Part {
  commands?: Readonly<Record<string, Command>>;
  /** What was written to files of sysfs, as its drivers take it. */
  settled?: () => void;
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
  /** As what it is up: under Xen, or its Linux alone. */
  bootedAs: HostBoot = 'xen';
  /** What `xl vcpu-list` prints. */
  vcpus: () => string = () => '';
  /** Guests that hang: they neither boot to the end nor shut down by themselves. */
  readonly hung = new Set<string>();
  /** Guests whose next boots end in a panic: how many. */
  readonly panics = new Map<string, number>();
  /** Why dom0 has crashed. */
  crashed: string | undefined;
  /** Why xl does not get on with Xen, until dom0 is booted. */
  xlFails: string | undefined;
  /** Each command line that was answered, with the machine's name before it. */
  readonly asked: string[] = [];
  readonly #folder: string;
  readonly #server: Server;
  readonly #parts: Part[] = [];
  #servers: Servers | undefined;
  #nextId = 1;
  readonly #serial = randomUUID();
  readonly socket: string;

  constructor(guests: readonly string[]) {
    if (process.getuid?.() !== 0)
      throw new Error('this test needs root: it gives each machine mounts and processes of its own');
    this.#folder = mkdtempSync(join(tmpdir(), 'vgb-xen-'));
    const socket = (this.socket = join(this.#folder, 'socket'));
    chmodSync(this.#folder, 0o711);
    const everywhere = [
      ...['modprobe', 'rmmod', 'mmul', 'systemd-detect-virt'],
      ...['depmod', 'reboot', 'update-grub', 'apt-get'],
    ];
    const inDom0 = [
      'mount',
      'xl',
      'grub-reboot',
      'xenstore-read',
      'xenstore-write',
      'xenstore-rm',
      'xenstore-chmod',
      'xenstore-list',
    ];
    this.dom0 = new Machine('dom0', this.#folder, socket, [...everywhere, ...inDom0]);
    this.guests = guests.map((name) => new Machine(name, this.#folder, socket, everywhere));
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

  plug(part: Part): void {
    this.#parts.push(part);
  }

  /** The same for one whose commands stand in for those of earlier ones. */
  plugBefore(part: Part): void {
    this.#parts.unshift(part);
  }

  /** Boots dom0 and creates the guests. */
  async start(): Promise<Servers> {
    this.renew();
    this.#bootDom0();
    for (const { name } of this.guests) this.create(name, new Map());
    const pid = (alias: string) => this.#servers?.pid(alias) ?? 0;
    this.#servers = await startServers([this.dom0, ...this.guests].map((machine) => machine.server(pid)));
    // For who is not root, and is let in by a key in there.
    chmodSync(this.#servers.directory, 0o711);
    return this.#servers;
  }

  /** All disks as they were at first. */
  renew(): void {
    for (const machine of [this.dom0, ...this.guests]) machine.renew();
    for (const { name } of this.guests) this.configure(name, {});
  }

  /** Writes a guest's xl.cfg. */
  configure(name: string, keys: Readonly<Record<string, string>>): void {
    const lines = Object.entries({
      name: `"${name}"`,
      ...('type' in keys ? {} : { builder: '"hvm"' }),
      ...keys,
    });
    this.dom0.disk(`etc/xen/${name}.cfg`, lines.map(([key, value]) => `${key} = ${value}\n`).join(''));
  }

  /** What commands have written to sysfs takes effect. */
  settle(): void {
    for (const { settled } of this.#parts) settled?.();
  }

  /** Switched off and on again, whatever state it was in. */
  reboot(): void {
    this.off();
    this.#bootDom0();
    if (this.bootedAs === 'bare') return;
    for (const { name } of this.guests) this.create(name, new Map());
  }

  /** Nothing of it runs. */
  off(): void {
    for (const name of [...this.domains.keys()]) this.#end(name);
    this.dom0.off();
    this.crashed = undefined;
    this.xlFails = undefined;
    this.hung.clear();
    this.store.remove('/local');
  }

  async close(): Promise<void> {
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
    const config = this.#configOf(`/etc/xen/${name}.cfg`);
    const own = [...config].filter(([key]) => key.startsWith('vgt'));
    const domain = { id: this.#nextId++, machine, settings: new Map([...own, ...settings]), config };
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
    machine.file('hypervisor/type', 'xen\n');
    // XENFEAT: auto-translated in what is no PV guest.
    const isPv = ['pv', 'generic'].includes(config.get('type') ?? config.get('builder') ?? 'pv');
    machine.file('hypervisor/properties/features', isPv ? '0000070b\n' : '00002705\n');
    for (const { booted } of this.#parts) booted?.(machine, domain);
  }

  /** Keys of an xl.cfg, without quotes; none where there is no such file. */
  #configOf(path: string): Map<string, string> {
    const lines = path.startsWith('/etc/') ? this.dom0.disk(path.slice(1)) : '';
    return new Map(
      [...lines.matchAll(/^\s*(\w+)\s*=\s*["']?([^"'\n]*)/gm)].map(([, key = '', value = '']) => [
        key,
        value,
      ]),
    );
  }

  /** Where dom0 keeps what a guest writes to its console. */
  consoleOf(guest: string): string {
    return join(this.#folder, `guest-${guest}.log`);
  }

  async #answer(name: string, [command = '', ...args]: readonly string[]): Promise<Answer> {
    const machine = [this.dom0, ...this.guests].find((one) => one.name === name);
    if (machine === undefined) return failed('no such machine');
    if (this.bootedAs === 'bare' && /^xl$|^xenstore-/.test(command))
      return failed('xencall: error: Could not obtain handle on privileged command interface');
    if (command === 'xl') return this.#xl(args);
    if (command.startsWith('xenstore-')) return answerXenstore(this.store, command, args);
    if (command === 'systemd-detect-virt')
      return { stdout: machine === this.dom0 ? 'none\n' : 'xen\n', exitCode: 0 };
    for (const { commands } of this.#parts) {
      const answer = await commands?.[command]?.(machine, args);
      if (answer !== undefined) return answer;
    }
    return failed(`${command}: command not found`, 127);
  }

  async #xl([verb = '', ...args]: readonly string[]): Promise<Answer> {
    const words = args.filter((arg) => !arg.startsWith('-'));
    const [first = ''] = words;
    const domain = this.domains.get(first);
    if (this.xlFails !== undefined) return failed(this.xlFails);
    switch (verb) {
      case 'list':
        return done();
      case 'vcpu-list':
        return done(this.vcpus());
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
        const name = this.#configOf(first).get('name') ?? '';
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
}
