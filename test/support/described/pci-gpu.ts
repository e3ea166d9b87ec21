/**
 * A GPU with its audio function, whom drivers take and let go, and guests are lent. Sources: of Linux,
 * Documentation/ABI/testing/sysfs-bus-pci, drivers/pci/pci-driver.c (driver_override, drivers_probe), drivers/pci/pci-sysfs.c
 * (enable, reset_method), drivers/pci/pci.c (pci_dev_wait); of Xen 4.17, tools/xl/xl_pci.c, tools/xl/xl_info.c and
 * tools/libs/light/libxl_pci.c; of QEMU, hw/vfio/common.c (vfio_get_group).
 */
import { type Answer, done, failed } from './answer.ts';
import type { DescribedHost, Domain, Part } from './host.ts';
import { pciIn } from './kvm-host.ts';
import type { Machine } from './machine.ts';

/** How it fails, where it is to. */
export interface PciFaults {
  /** No IOMMU: it is off in the firmware. */
  noIommu?: boolean;
  /** xen-pciback is not loaded yet. */
  noPciback?: boolean;
  /** The host says that the guest has it, and the guest has nothing. */
  unseen?: boolean;
  /** No driver of the guest's takes it. */
  undriven?: boolean;
  /** It does not come back from its reset when its guest ends. */
  lostByReset?: boolean;
  /** The host's own driver takes it back while a guest has it. */
  takenBack?: boolean;
  /** What nvidia-smi says in the guest: how it has the GPU, and whether confidential computing is on. */
  nvidia?: { mode: string; confidential?: 'ON' | 'OFF' };
  /** Its vendor and device. */
  ids?: readonly [string, string];
  /** Its guest does not let go of it while it runs. */
  clings?: boolean;
  /** vfio-pci is refused it: its driver does not let go. */
  stuck?: boolean;
}

interface PciFunction {
  class: string;
  ids: readonly [string, string];
  /** The driver that matches it by its ID. */
  natural: string;
  driver: string;
  override: string;
  reset: string;
  /** The domain that has it. */
  owner?: number | undefined;
}

export const GPU = '0000:01:00.0';
export const AUDIO = '0000:01:00.1';
const METHODS = 'flr bus';

export class PciGpu implements Part {
  faults: PciFaults = {};
  readonly #host: DescribedHost;
  readonly #holder: 'pciback' | 'vfio-pci';
  readonly #functions = new Map<string, PciFunction>();
  #hasPciback = true;

  constructor(host: DescribedHost, holder: 'pciback' | 'vfio-pci') {
    this.#host = host;
    this.#holder = holder;
    host.plug(this);
  }

  /** Who drives each function, for whoever compares. */
  get drivers(): string[] {
    return [...this.#functions].map(([address, { driver, override, reset }]) =>
      [address, driver, override, reset].join(' '),
    );
  }

  readonly commands = {
    tee: (_: Machine, [value = '', file = '']: readonly string[]): Answer => this.#write(value.trim(), file),
    xl: (_: Machine, args: readonly string[]): Answer | undefined => this.#xl(args),
    modprobe: (_: Machine, args: readonly string[]): Answer | undefined => {
      const [name] = args;
      if (name === 'xen-pciback' && this.#holder === 'pciback') this.#hasPciback = true;
      else if (name !== 'vfio-pci') return undefined;
      this.#tell();
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
      const one = this.#functions.get(address);
      if (one?.driver !== this.#holder || one.owner !== undefined)
        return this.#holder === 'pciback'
          ? `libxl_pci.c:libxl__device_pci_add: PCI device ${short(address)} is not assignable`
          : `vfio ${address}: failed to open /dev/vfio/12: ${one?.owner === undefined ? 'No such file or directory' : 'Device or resource busy'}`;
      if (this.#holder === 'pciback' && this.faults.noIommu === true)
        return `PCI device ${short(address)} cannot be assigned - no IOMMU`;
      if (this.#holder === 'vfio-pci' && this.#loose().length > 0)
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
    for (const [address, one] of this.#functions) {
      if (one.owner !== id) continue;
      one.owner = undefined;
      if (this.faults.lostByReset === true)
        this.#host.machine.log(`${this.#holder} ${address}: not ready 65535ms after FLR; giving up`, 4);
    }
    this.#tell();
  };

  #bootHost(): void {
    this.#host.machine.installFed('tee');
    this.#functions.clear();
    this.#hasPciback = this.faults.noPciback !== true;
    const { ids = ['10de', '1b80'] } = this.faults;
    const is = (natural: string, kind: string, device: readonly [string, string]): PciFunction => ({
      ...{ class: kind, ids: device, natural, driver: natural, override: '', reset: METHODS },
    });
    this.#functions.set(GPU, is('nouveau', '0x030000', ids));
    this.#functions.set(AUDIO, is('snd_hda_intel', '0x040300', ['10de', '10f0']));
    this.#tell();
  }

  #bootGuest(machine: Machine, domain: Domain): void {
    machine.file('bus/pci/devices/0000:00:00.0/vendor', '0x8086\n');
    machine.file('bus/pci/devices/0000:00:00.0/device', '0x1237\n');
    for (const address of asked(domain.settings)) this.#give(machine, domain.id, address);
  }

  #give(machine: Machine, id: number, address: string): void {
    const one = this.#functions.get(address);
    if (one === undefined) return;
    one.owner = id;
    if (this.faults.nvidia !== undefined) machine.install('nvidia-smi');
    if (address === GPU && this.faults.unseen !== true) {
      machine.gpu('0000:00:05.0', one.ids, 'nouveau');
      if (this.faults.undriven === true) machine.gone('bus/pci/devices/0000:00:05.0/driver');
    }
    this.#tell();
  }

  #take({ machine }: Domain, address: string): void {
    const one = this.#functions.get(address);
    if (one !== undefined) one.owner = undefined;
    if (address === GPU) machine.gone('bus/pci/devices/0000:00:05.0');
    this.#tell();
  }

  /** Its driver takes what it matches, unless another is the only one that may have it. */
  #probe(one: PciFunction): void {
    if (one.driver !== '') return;
    one.driver = one.override === '' ? one.natural : one.override;
  }

  #write(value: string, file: string): Answer {
    const [, address = '', attribute = ''] = /devices\/([^/]+)\/(.+)$/.exec(file) ?? [];
    const one = this.#functions.get(address);
    const told = this.#functions.get(value);
    const refused = (why: string) => failed(`tee: ${file}: ${why}`);
    if (attribute === 'driver_override' && one !== undefined) one.override = value;
    else if (attribute === 'driver/unbind' && one !== undefined && one.driver !== '') {
      if (value !== address) return refused('No such device');
      if (this.faults.stuck !== true) one.driver = '';
    } else if (attribute === 'reset_method' && one !== undefined) {
      const wanted = value === 'default' ? METHODS : value;
      if (wanted.split(' ').some((way) => !METHODS.split(' ').includes(way)))
        return refused('Invalid argument');
      one.reset = wanted;
    } else if (file === '/sys/bus/pci/drivers_probe' && told !== undefined) this.#probe(told);
    else if (/^\/sys\/bus\/pci\/drivers\/[^/]+\/bind$/.test(file) && told !== undefined) {
      const driver = file.split('/')[5] ?? '';
      if (told.driver !== '' || ![told.natural, told.override].includes(driver))
        return refused('No such device');
      told.driver = driver;
    } else return refused('No such file or directory');
    this.#tell();
    return done();
  }

  #xl([verb = '', ...args]: readonly string[]): Answer | undefined {
    const words = args.filter((arg) => !arg.startsWith('-'));
    const [first = ''] = words;
    const one = this.#functions.get(first);
    const { noIommu = false } = this.faults;
    switch (verb) {
      case 'info':
        return done(
          `xen_version            : 4.17.5\nvirt_caps              : pv hvm ${noIommu ? '' : 'hvm_directio pv_directio '}hap\nxen_commandline        : \n`,
        );
      case 'pci-assignable-add':
        if (!this.#hasPciback)
          return failed('libxl: error: libxl_pci.c: Looks like pciback driver not loaded');
        if (one === undefined) return failed(`libxl: error: PCI device ${short(first)} is not assignable`);
        one.driver = 'pciback';
        this.#tell();
        // It is bound to pciback all the same.
        return noIommu ? failed(`libxl: error: failed to quarantine ${first}`) : done();
      case 'pci-assignable-remove':
        if (one?.owner !== undefined) return failed(`libxl: error: PCI device ${first} already assigned`);
        if (one?.driver === 'pciback') one.driver = args.includes('-r') ? one.natural : '';
        this.#tell();
        return done();
      case 'pci-attach':
      case 'pci-detach':
        return this.#plug(verb, first, words[1] ?? '');
      case 'pci-list': {
        const id = this.#host.domains.get(first)?.id;
        const own = [...this.#functions].filter(([, { owner }]) => owner === id && owner !== undefined);
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
      const isOwn = this.#functions.get(GPU)?.driver === 'nouveau';
      return isOwn ? done('GFLOPS: 42.5\n') : failed('mmul: no GPU at /dev/dri/card0');
    }
    if (machine.sys('bus/pci/devices/0000:00:05.0/vendor') === '')
      // No GPU is there: it computes on its CPU, and says nothing of it.
      return done('GFLOPS: 1.5\n');
    if (this.faults.takenBack === true) {
      const one = this.#functions.get(GPU);
      if (one !== undefined) one.driver = 'nouveau';
      this.#tell();
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

  /** Of its group, what is neither held by vfio-pci nor without a driver. */
  #loose(): PciFunction[] {
    return [...this.#functions.values()].filter(({ driver }) => !['', 'vfio-pci'].includes(driver));
  }

  /** What sysfs shows. */
  #tell(): void {
    const { machine } = this.#host;
    if (this.#holder === 'pciback' && this.#hasPciback) machine.file('bus/pci/drivers/pciback/slots', '');
    if (this.#holder === 'vfio-pci') machine.file('bus/pci/drivers/vfio-pci/new_id', '');
    machine.gone('class/drm/card0');
    for (const [address, one] of this.#functions) {
      const at = `bus/pci/devices/${address}`;
      machine.file(`${at}/class`, `${one.class}\n`);
      machine.file(`${at}/vendor`, `0x${one.ids[0]}\n`);
      machine.file(`${at}/device`, `0x${one.ids[1]}\n`);
      machine.file(`${at}/driver_override`, `${one.override || '(null)'}\n`);
      machine.file(`${at}/reset_method`, `${one.reset}\n`);
      machine.file(`${at}/enable`, one.owner === undefined && one.driver !== 'nouveau' ? '0\n' : '1\n');
      machine.gone(`${at}/driver`);
      if (one.driver !== '') machine.link(`${at}/driver`, `../../drivers/${one.driver}`);
      machine.gone(`${at}/drm`);
      if (this.faults.noIommu === true) continue;
      for (const member of this.#functions.keys())
        machine.link(`kernel/iommu_groups/12/devices/${member}`, `../../../../bus/pci/devices/${member}`);
      machine.link(`${at}/iommu_group`, '../../../../kernel/iommu_groups/12');
    }
    if (this.#functions.get(GPU)?.driver !== 'nouveau') return;
    machine.link('class/drm/card0/device', `../../../bus/pci/devices/${GPU}`);
    machine.file(`bus/pci/devices/${GPU}/drm/card0/dev`, '226:0\n');
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
