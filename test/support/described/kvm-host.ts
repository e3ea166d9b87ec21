/** A computer with KVM that is described, and its libvirt. Toolstack: virsh(1) of libvirt 9.0; its words are tools/virsh-domain.c's. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, done, failed } from './answer.ts';
import { DescribedHost } from './host.ts';

/** What a hostdev's source says: a PCI function or a mediated device. */
const SOURCE = /<source>(<address [^>]*\/>)<\/source>/;

/** The PCI address that a source names; undefined of a mediated device. */
export function pciIn(source: string): string | undefined {
  const found = /domain='0x(\w+)' bus='0x(\w+)' slot='0x(\w+)' function='0x(\w)'/.exec(source);
  return found === null ? undefined : `${found[1]}:${found[2]}:${found[3]}.${found[4]}`;
}

export class KvmHost extends DescribedHost {
  /** Sources of the devices that each guest has by its configuration, which its next start takes. */
  readonly configured = new Map<string, Set<string>>();
  /** Guests that are asked to release a device, but do not. */
  readonly clings = new Set<string>();
  /** libvirtd does not answer. */
  isDeaf = false;

  constructor(guests: readonly string[]) {
    super('kvm', [], guests);
  }

  override renew(): void {
    super.renew();
    this.machine.installFed('virsh');
    this.configured.clear();
    this.clings.clear();
    this.isDeaf = false;
  }

  override powerOf(): string {
    return '{ use: virsh, ready: 5s }';
  }

  /** Its settings are the sources of its devices. */
  override create(name: string): void {
    const machine = this.guests.find((guest) => guest.name === name);
    if (machine === undefined) return;
    const sources = [...(this.configured.get(name) ?? [])];
    const domain = this.enter(machine, new Map(sources.map((source) => [source, 'hostdev'])), new Map());
    machine.boot();
    for (const { booted } of this.parts) booted?.(machine, domain);
  }

  protected override bootHost(): void {
    this.isDeaf = false;
  }

  protected override toolstack(
    command: string,
    [first = '', ...args]: readonly string[],
  ): Answer | undefined | Promise<Answer | undefined> {
    if (command === 'systemd-detect-virt')
      return { stdout: first === this.machine.name ? 'none\n' : 'kvm\n', exitCode: 0 };
    return command === 'virsh' ? this.#virsh(first, args) : undefined;
  }

  async #virsh(stdin: string, args: readonly string[]): Promise<Answer> {
    if (this.isDeaf)
      return failed(
        "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
      );
    const [verb = '', named = ''] = args.filter((arg) => !arg.startsWith('-'));
    const running = [...this.domains].find(([key, { id }]) => key === named || String(id) === named);
    const name = running?.[0] ?? named;
    if (!this.guests.some((guest) => guest.name === name))
      return failed(`error: failed to get domain '${named}'`);
    switch (verb) {
      case 'domid':
        return done(`${running?.[1].id ?? '-'}\n`);
      case 'dumpxml':
        return this.#dumpxml(name, args.includes('--inactive'));
      case 'attach-device':
      case 'detach-device':
        return args.includes('--live')
          ? this.#plug(name, verb === 'attach-device', SOURCE.exec(stdin)?.[1])
          : this.#change(name, verb === 'attach-device', SOURCE.exec(stdin)?.[1]);
      case 'start':
        return this.#start(name);
      case 'shutdown':
        if (running === undefined)
          return failed('error: Requested operation is not valid: domain is not running');
        if (!this.hung.has(name)) this.end(name);
        return done();
      case 'destroy':
        this.hung.delete(name);
        this.end(name);
        return done();
      default:
        return failed(`error: unknown command: '${verb}'`);
    }
  }

  #dumpxml(name: string, inactive: boolean): Answer {
    const live = inactive ? undefined : this.domains.get(name)?.settings.keys();
    const sources = [...(live ?? this.configured.get(name) ?? [])];
    const devices = sources.map(
      (source) =>
        `    <hostdev mode='subsystem' managed='no'>\n      <source>\n        ${source}\n      </source>\n    </hostdev>\n`,
    );
    return done(
      `<domain type='kvm'>\n  <name>${name}</name>\n  <devices>\n${devices.join('')}  </devices>\n</domain>\n`,
    );
  }

  #change(name: string, adds: boolean, source: string | undefined): Answer {
    if (source === undefined) return failed('error: (device_definition):1: Document is empty');
    const own = this.configured.get(name) ?? new Set();
    this.configured.set(name, own);
    if (adds && own.has(source))
      return failed('error: Requested operation is not valid: device is already in the domain configuration');
    if (!adds && !own.has(source))
      return failed('error: Requested operation is not valid: host device not found');
    if (adds) own.add(source);
    else own.delete(source);
    return done();
  }

  #plug(name: string, adds: boolean, source: string | undefined): Answer {
    const domain = this.domains.get(name);
    if (source === undefined || domain === undefined)
      return failed('error: Requested operation is not valid: domain is not running');
    if (!adds && this.clings.has(name)) return done('Device detach request sent successfully\n');
    const refused = adds ? this.refusalOf(new Map([[source, 'hostdev']])) : undefined;
    if (refused !== undefined)
      return failed(`error: Failed to attach device from /dev/stdin\nerror: ${refused}`);
    const settings = new Map(domain.settings);
    if (adds) settings.set(source, 'hostdev');
    else settings.delete(source);
    const now = { ...domain, settings };
    this.domains.set(name, now);
    for (const { attached, detached } of this.parts) (adds ? attached : detached)?.(now, source);
    return done();
  }

  async #start(name: string): Promise<Answer> {
    if (this.domains.has(name)) return failed('error: Domain is already active');
    await sleep(this.bootMs);
    const refused = this.refusalOf(
      new Map([...(this.configured.get(name) ?? [])].map((source) => [source, 'hostdev'])),
    );
    if (refused !== undefined)
      return failed(
        `error: Failed to start domain '${name}'\nerror: internal error: qemu unexpectedly closed the monitor: ${refused}`,
      );
    this.create(name);
    return done();
  }
}
