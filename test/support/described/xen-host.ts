/**
 * A described computer with Xen: dom0, guests that are created and destroyed, and their store. Toolstack:
 * xl(1), xenstore(1) of Xen 4.17; its words are tools/xl's and tools/xenstore's.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, done, failed } from './answer.ts';
import { DescribedHost } from './host.ts';
import type { Machine } from './machine.ts';
import { Xenstore, answerXenstore } from './xenstore.ts';

export type { Domain, Part } from './host.ts';

/** What GRUB has entries for. */
export type HostBoot = 'xen' | 'bare';

export class XenHost extends DescribedHost {
  readonly store = new Xenstore();
  /** What it is up as: under Xen, or its Linux alone. */
  bootedAs: HostBoot = 'xen';
  /** What `xl vcpu-list` prints. */
  vcpus: () => string = () => '';
  /** Guests whose next boots end in a panic: how many. */
  readonly panics = new Map<string, number>();
  /** Why dom0 has crashed. */
  crashed: string | undefined;
  /** Why xl does not work with Xen, until dom0 is rebooted. */
  xlFails: string | undefined;

  constructor(guests: readonly string[]) {
    super(
      'dom0',
      [
        ...['mount', 'xl', 'grub-reboot'],
        ...['xenstore-read', 'xenstore-write', 'xenstore-rm', 'xenstore-chmod', 'xenstore-list'],
      ],
      guests,
    );
  }

  get dom0(): Machine {
    return this.machine;
  }

  override powerOf(guest: string): string {
    return `{ use: xl, config: /etc/xen/${guest}.cfg, ready: 5s, console: ${this.consoleOf(guest)} }`;
  }

  /** All disks in their initial state. */
  override renew(): void {
    super.renew();
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

  override off(): void {
    super.off();
    this.crashed = undefined;
    this.xlFails = undefined;
    this.store.remove('/local');
  }

  /** dom0 has crashed, and all guests with it. */
  crash(why: string): void {
    this.crashed = why;
    for (const machine of [this.dom0, ...this.guests]) machine.off();
    this.domains.clear();
  }

  protected override drop(name: string): void {
    const id = this.domains.get(name)?.id;
    super.drop(name);
    this.store.remove(`/local/domain/${id ?? ''}`);
  }

  protected override get hasGuests(): boolean {
    return this.bootedAs !== 'bare';
  }

  protected override bootHost(): void {
    this.store.write('/local/domain/0/name', 'Domain-0');
    if (this.bootedAs === 'xen') this.dom0.file('hypervisor/type', 'xen\n');
  }

  /** A guest is created as its configuration and these settings have it. */
  override create(name: string, settings: ReadonlyMap<string, string>): void {
    const machine = this.guests.find((guest) => guest.name === name);
    if (machine === undefined) return;
    const config = this.#configOf(`/etc/xen/${name}.cfg`);
    const own = [...config].filter(([key]) => key.startsWith('vgt'));
    const domain = this.enter(machine, new Map([...own, ...settings]), config);
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
    for (const { booted } of this.parts) booted?.(machine, domain);
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
    return join(this.folder, `guest-${guest}.log`);
  }

  protected override toolstack(
    command: string,
    args: readonly string[],
  ): Answer | undefined | Promise<Answer | undefined> {
    if (command === 'systemd-detect-virt')
      return { stdout: args[0] === this.dom0.name ? 'none\n' : 'xen\n', exitCode: 0 };
    if (command !== 'xl' && !command.startsWith('xenstore-')) return undefined;
    if (this.bootedAs === 'bare')
      return failed('xencall: error: Could not obtain handle on privileged command interface');
    return command === 'xl' ? this.#xl(args) : answerXenstore(this.store, command, args);
  }

  /** tools/xl/xl_list.c. */
  #list(): string {
    const row = (name: string, id: number) =>
      `${name.padEnd(40)} ${String(id).padStart(5)}  1024     2     r-----       1.0\n`;
    const rows = [...this.domains].map(([name, { id }]) => row(name, id));
    return `${'Name'.padEnd(40)}    ID   Mem VCPUs\tState\tTime(s)\n${row('Domain-0', 0)}${rows.join('')}`;
  }

  async #xl([verb = '', ...args]: readonly string[]): Promise<Answer> {
    const words = args.filter((arg) => !arg.startsWith('-'));
    const [first = ''] = words;
    const domain = this.domains.get(first);
    if (this.xlFails !== undefined) return failed(this.xlFails);
    switch (verb) {
      case 'list':
        return done(this.#list());
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
        const settings = words
          .slice(1)
          .map((word) => /^([^=]*)=(.*)$/.exec(word)?.slice(1) as [string, string]);
        const refused = this.refusalOf(new Map(settings));
        if (refused !== undefined) return failed(`libxl: error: ${refused}`);
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
        return (
          (await this.ofParts('xl', this.dom0, [verb, ...args])) ?? failed(`xl: unknown command ${verb}`)
        );
    }
  }
}

/** All that a run might leave there, but for what each boot counts on. */
export function stateOfXen({ store, domains, dom0, crashed, bootedAs }: XenHost) {
  return {
    store: store.toString().replaceAll(/domain\/[1-9]\d*/g, 'domain/N'),
    domains: [...domains].map(([name, { settings, machine }]) => [name, [...settings], [...machine.modules]]),
    modules: [...dom0.modules],
    ...{ crashed, bootedAs },
  };
}
