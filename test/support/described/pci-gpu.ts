/**
 * A GPU with its audio function, which guests are lent. Sources: of Linux, drivers/pci/pci.c (pci_dev_wait); of Xen 4.17,
 * tools/xl/xl_pci.c, tools/xl/xl_info.c and tools/libs/light/libxl_pci.c; of QEMU, hw/vfio/common.c (vfio_get_group).
 */
import { type Answer, done, failed } from './answer.ts';
import type { DescribedHost, Domain, Part } from './host.ts';
import { pciIn } from './kvm-host.ts';
import type { Machine } from './machine.ts';
import { type FunctionFaults, GPU, type Holder, PciFunctions } from './pci-functions.ts';

/** How it fails, where it is to. */
export interface PciFaults extends FunctionFaults {
  /** xen-pciback is not loaded yet. */
  noPciback?: boolean;
  /** The host reports that the guest has it, but the guest has nothing. */
  unseen?: boolean;
  /** No driver in the guest takes it. */
  undriven?: boolean;
  /** It does not come back from its reset when its guest ends. */
  lostByReset?: boolean;
  /** The host's own driver takes it back while a guest has it. */
  takenBack?: boolean;
  /** What nvidia-smi says in the guest: how it has the GPU, and whether confidential computing is on. */
  nvidia?: { mode: string; confidential?: 'ON' | 'OFF' };
  /** Its vendor and device. */
  ids?: readonly [string, string];
  /** Its guest does not release it while it runs. */
  clings?: boolean;
}

export class PciGpu implements Part {
  faults: PciFaults = {};
  readonly #host: DescribedHost;
  readonly #holder: Holder;
  readonly #functions: PciFunctions;

  constructor(host: DescribedHost, holder: Holder) {
    this.#host = host;
    this.#holder = holder;
    this.#functions = new PciFunctions(host.machine, holder, () => this.faults);
    host.plug(this);
  }

  /** Who drives each function, for whoever compares. */
  get drivers(): string[] {
    return this.#functions.drivers;
  }

  readonly commands = {
    tee: (_: Machine, [value = '', file = '']: readonly string[]): Answer =>
      this.#functions.write(value.trim(), file),
    xl: (_: Machine, args: readonly string[]): Answer | undefined => this.#xl(args),
    modprobe: (_: Machine, args: readonly string[]): Answer | undefined => {
      const [name] = args;
      if (name === 'xen-pciback' && this.#holder === 'pciback') this.#functions.hasPciback = true;
      else if (name !== 'vfio-pci') return undefined;
      this.#functions.tell();
      return done();
    },
    mmul: (machine: Machine): Answer => this.#mmul(machine),
    'nvidia-smi': (machine: Machine, args: readonly string[]): Answer => this.#nvidia(machine, args),
  };

  readonly booted = (machine: Machine, domain: Domain | undefined): void => {
    if (domain === undefined) this.#bootHost();
    else this.#bootGuest(machine, domain);
  };

  /** What a guest asks for has to be held for it, and with all of its group. */
  readonly refusal = (settings: ReadonlyMap<string, string>): string | undefined => {
    for (const address of asked(settings)) {
      const one = this.#functions.all.get(address);
      if (one?.driver !== this.#holder || one.owner !== undefined)
        return this.#holder === 'pciback'
          ? `libxl_pci.c:libxl__device_pci_add: PCI device ${short(address)} is not assignable`
          : `vfio ${address}: failed to open /dev/vfio/12: ${one?.owner === undefined ? 'No such file or directory' : 'Device or resource busy'}`;
      if (this.#holder === 'pciback' && this.faults.noIommu === true)
        return `PCI device ${short(address)} cannot be assigned - no IOMMU`;
      if (this.#holder === 'vfio-pci' && this.#functions.loose().length > 0)
        return `vfio ${address}: group 12 is not viable\nPlease ensure all devices within the iommu_group are bound to their vfio bus driver.`;
    }
    return undefined;
  };

  readonly attached = ({ id, machine }: Domain, source: string): void => {
    this.#give(machine, id, pciIn(source) ?? '');
  };

  readonly detached = (domain: Domain, source: string): void => {
    this.#take(domain, pciIn(source) ?? '');
  };

  readonly ending = ({ id }: Domain): void => {
    for (const [address, one] of this.#functions.all) {
      if (one.owner !== id) continue;
      one.owner = undefined;
      if (this.faults.lostByReset === true)
        this.#host.machine.log(`${this.#holder} ${address}: not ready 65535ms after FLR; giving up`, 4);
    }
    this.#functions.tell();
  };

  #bootHost(): void {
    this.#host.machine.installFed('tee');
    this.#functions.hasPciback = this.faults.noPciback !== true;
    this.#functions.boot(this.faults.ids ?? ['10de', '1b80']);
  }

  #bootGuest(machine: Machine, domain: Domain): void {
    machine.file('bus/pci/devices/0000:00:00.0/vendor', '0x8086\n');
    machine.file('bus/pci/devices/0000:00:00.0/device', '0x1237\n');
    for (const address of asked(domain.settings)) this.#give(machine, domain.id, address);
  }

  #give(machine: Machine, id: number, address: string): void {
    const one = this.#functions.all.get(address);
    if (one === undefined) return;
    one.owner = id;
    if (this.faults.nvidia !== undefined) machine.install('nvidia-smi');
    if (address === GPU && this.faults.unseen !== true) {
      machine.gpu('0000:00:05.0', one.ids, 'nouveau');
      if (this.faults.undriven === true) machine.gone('bus/pci/devices/0000:00:05.0/driver');
    }
    this.#functions.tell();
  }

  #take({ machine }: Domain, address: string): void {
    const one = this.#functions.all.get(address);
    if (one !== undefined) one.owner = undefined;
    if (address === GPU) machine.gone('bus/pci/devices/0000:00:05.0');
    this.#functions.tell();
  }

  #xl([verb = '', ...args]: readonly string[]): Answer | undefined {
    const words = args.filter((arg) => !arg.startsWith('-'));
    const [first = ''] = words;
    const one = this.#functions.all.get(first);
    const { noIommu = false } = this.faults;
    switch (verb) {
      case 'info':
        return done(
          `xen_version            : 4.17.5\nvirt_caps              : pv hvm ${noIommu ? '' : 'hvm_directio pv_directio '}hap\nxen_commandline        : \n`,
        );
      case 'pci-assignable-add':
        if (!this.#functions.hasPciback)
          return failed('libxl: error: libxl_pci.c: Looks like pciback driver not loaded');
        if (one === undefined) return failed(`libxl: error: PCI device ${short(first)} is not assignable`);
        one.driver = 'pciback';
        this.#functions.tell();
        // It is bound to pciback all the same.
        return noIommu ? failed(`libxl: error: failed to quarantine ${first}`) : done();
      case 'pci-assignable-remove':
        if (one?.owner !== undefined) return failed(`libxl: error: PCI device ${first} already assigned`);
        if (one?.driver === 'pciback') one.driver = args.includes('-r') ? one.natural : '';
        this.#functions.tell();
        return done();
      case 'pci-attach':
      case 'pci-detach':
        return this.#plug(verb, first, words[1] ?? '');
      case 'pci-list': {
        const id = this.#host.domains.get(first)?.id;
        const own = [...this.#functions.all].filter(([, { owner }]) => owner === id && owner !== undefined);
        return done(`Vdev Device\n${own.map(([address], at) => `0${at + 4}.0 ${address}\n`).join('')}`);
      }
      default:
        return undefined;
    }
  }

  /** libxl_pci.c: of a device that its guest does not let go, after ten seconds. */
  #plug(verb: string, guest: string, spec: string): Answer {
    const domain = this.#host.domains.get(guest);
    const [address = ''] = spec.split(',');
    if (domain === undefined) return failed(`${guest} is an invalid domain identifier (rc=-6)`);
    if (verb === 'pci-attach') {
      const refused = this.refusal(new Map([['pci', address]]));
      if (refused !== undefined) return failed(`libxl: error: ${refused}`);
      this.#give(domain.machine, domain.id, address);
    } else if (this.faults.clings === true)
      return failed(
        `libxl: error: libxl_pci.c: Domain ${domain.id}:timed out waiting for DM to remove ${address}`,
      );
    else this.#take(domain, address);
    return done();
  }

  #mmul(machine: Machine): Answer {
    if (machine === this.#host.machine) {
      const isOwn = this.#functions.all.get(GPU)?.driver === 'nouveau';
      return isOwn ? done('GFLOPS: 42.5\n') : failed('mmul: no GPU at /dev/dri/card0');
    }
    if (machine.sys('bus/pci/devices/0000:00:05.0/vendor') === '')
      // Without a GPU it computes on its CPU, and does not say so.
      return done('GFLOPS: 1.5\n');
    if (this.faults.takenBack === true) {
      const one = this.#functions.all.get(GPU);
      if (one !== undefined) one.driver = 'nouveau';
      this.#functions.tell();
    }
    return done('GFLOPS: 42.0\n');
  }

  /** nvidia-smi -q, and nvidia-smi conf-compute -f. */
  #nvidia(machine: Machine, [first = '']: readonly string[]): Answer {
    const { nvidia } = this.faults;
    if (nvidia === undefined || machine === this.#host.machine)
      return failed('nvidia-smi: command not found', 127);
    if (first === 'conf-compute')
      return nvidia.confidential === undefined
        ? failed('Invalid option')
        : done(`CC status: ${nvidia.confidential}\n`);
    return done(
      first === '-q'
        ? `    GPU Virtualization Mode\n        Virtualization Mode               : ${nvidia.mode}\n        Host VGPU Mode                    : N/A\n`
        : '',
    );
  }
}

/** Addresses in the settings of a guest: of xl’s pci=[...], or of libvirt’s sources. */
function asked(settings: ReadonlyMap<string, string>): string[] {
  const ofXl = [...(settings.get('pci') ?? '').matchAll(/[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d/g)].map(
    ([address]) => address,
  );
  return [...ofXl, ...[...settings.keys()].flatMap((source) => pciIn(source) ?? [])];
}

/** As libxl prints one: %x:%x:%x.%x. */
function short(address: string): string {
  return address
    .split(/([:.])/)
    .map((part) => (/^[:.]$/.test(part) ? part : Number.parseInt(part, 16).toString(16)))
    .join('');
}
