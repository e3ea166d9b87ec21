/**
 * PCI functions of a host, whom drivers take and let go, as sysfs has it. Sources: of Linux,
 * Documentation/ABI/testing/sysfs-bus-pci, drivers/pci/pci-driver.c (driver_override, drivers_probe), drivers/pci/pci-sysfs.c
 * (enable, reset_method).
 */
import { type Answer, done, failed } from './answer.ts';
import type { Machine } from './machine.ts';

/** How they fail, where they are to. */
export interface FunctionFaults {
  /** No IOMMU: it is off in the firmware. */
  noIommu?: boolean;
  /** vfio-pci is refused one: its driver does not let go. */
  stuck?: boolean;
}

export interface PciFunction {
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

/** Who holds functions for guests: on Xen, and under KVM. */
export type Holder = 'pciback' | 'vfio-pci';

export class PciFunctions {
  readonly all = new Map<string, PciFunction>();
  hasPciback = true;
  readonly #machine: Machine;
  readonly #holder: Holder;
  readonly #faults: () => FunctionFaults;

  constructor(machine: Machine, holder: Holder, faults: () => FunctionFaults) {
    this.#machine = machine;
    this.#holder = holder;
    this.#faults = faults;
  }

  /** Who drives each function, for whoever compares. */
  get drivers(): string[] {
    return [...this.all].map(([address, { driver, override, reset }]) =>
      [address, driver, override, reset].join(' '),
    );
  }

  /** Its drivers have what they match. @param ids vendor and device of the GPU */
  boot(ids: readonly [string, string]): void {
    this.all.clear();
    const is = (natural: string, kind: string, device: readonly [string, string]): PciFunction => ({
      ...{ class: kind, ids: device, natural, driver: natural, override: '', reset: METHODS },
    });
    this.all.set(GPU, is('nouveau', '0x030000', ids));
    this.all.set(AUDIO, is('snd_hda_intel', '0x040300', ['10de', '10f0']));
    this.tell();
  }

  /** What is written to a file of sysfs. */
  write(value: string, file: string): Answer {
    const [, address = '', attribute = ''] = /devices\/([^/]+)\/(.+)$/.exec(file) ?? [];
    const one = this.all.get(address);
    const told = this.all.get(value);
    const refused = (why: string) => failed(`tee: ${file}: ${why}`);
    if (attribute === 'driver_override' && one !== undefined) one.override = value;
    else if (attribute === 'driver/unbind' && one !== undefined && one.driver !== '') {
      if (value !== address) return refused('No such device');
      if (this.#faults().stuck !== true) one.driver = '';
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
    this.tell();
    return done();
  }

  /** Of its group, what is neither held by vfio-pci nor without a driver. */
  loose(): PciFunction[] {
    return [...this.all.values()].filter(({ driver }) => !['', 'vfio-pci'].includes(driver));
  }

  /** Has sysfs show how they are now. */
  tell(): void {
    const machine = this.#machine;
    if (this.#holder === 'pciback' && this.hasPciback) machine.file('bus/pci/drivers/pciback/slots', '');
    if (this.#holder === 'vfio-pci') machine.file('bus/pci/drivers/vfio-pci/new_id', '');
    machine.gone('class/drm/card0');
    for (const [address, one] of this.all) {
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
      if (this.#faults().noIommu === true) continue;
      for (const member of this.all.keys())
        machine.link(`kernel/iommu_groups/12/devices/${member}`, `../../../../bus/pci/devices/${member}`);
      machine.link(`${at}/iommu_group`, '../../../../kernel/iommu_groups/12');
    }
    if (this.all.get(GPU)?.driver !== 'nouveau') return;
    machine.link('class/drm/card0/device', `../../../bus/pci/devices/${GPU}`);
    machine.file(`bus/pci/devices/${GPU}/drm/card0/dev`, '226:0\n');
  }

  /** Its driver takes what it matches, unless another is the only one that may have it. */
  #probe(one: PciFunction): void {
    if (one.driver !== '') return;
    one.driver = one.override === '' ? one.natural : one.override;
  }
}
