/**
 * NVIDIA vGPU on a described host with KVM: a T4 with mediated devices, or an L40S with virtual functions. What nvidia-smi prints is
 * as in NVIDIA’s guide to vGPU (T4) and on a host of driver 580.105 (virtual functions); names and numbers of types are those of
 * that guide, creatable_vgpu_types and its header too. The log’s line of the scheduler is that of NVIDIA/open-gpu-kernel-modules,
 * kernel_sched_mgr.c; that of the time slice the guide’s. mdev’s own answers are those of Linux, drivers/vfio/mdev/mdev_sysfs.c.
 */
import { type Answer, done, failed } from './answer.ts';
import type { DescribedHost, Domain, Part } from './host.ts';
import { pciIn } from './kvm-host.ts';
import type { Machine } from './machine.ts';

export type Way = 'mdev' | 'vfio';

/** How it fails, where it is to. */
export interface VgpuFaults {
  /** The usual driver, which makes no virtual GPUs. */
  bare?: boolean;
  /** Virtual functions are off until sriov-manage is run. */
  noFunctions?: boolean;
  /** A guest that is off is taken for one that has it still. */
  held?: boolean;
  /** What the host’s nvidia-smi, or the guest’s, says of the type, instead of what it is. */
  onHost?: number;
  inGuest?: number;
  /** The guest has a GPU that was passed through whole. */
  whole?: boolean;
  /** The guest has no driver for it, whatever the host says. */
  undriven?: boolean;
  unlicensed?: boolean;
  /** Its frames are limited, as by default where nothing else shares it out. */
  limited?: boolean;
  /** What the log has of a time slice. */
  slice?: string;
}

const PLACES = {
  mdev: {
    address: '0000:41:00.0',
    ids: ['10de', '1eb8'],
    memory: 16,
    types: {
      231: ['GRID T4-2Q', 2],
      232: ['GRID T4-4Q', 4],
      233: ['GRID T4-8Q', 8],
      234: ['GRID T4-16Q', 16],
    },
  },
  vfio: {
    address: '0000:51:00.0',
    ids: ['10de', '26b9'],
    memory: 48,
    types: { 1152: ['NVIDIA L40S-8Q', 8], 1155: ['NVIDIA L40S-24Q', 24], 1156: ['NVIDIA L40S-48Q', 48] },
  },
} as const;

const FUNCTIONS = ['0000:51:00.4', '0000:51:00.5', '0000:51:00.6'];
const POLICIES: Readonly<Record<string, string>> = { '0x01': 'EQUAL_SHARE', '0x11': 'FIXED_SHARE' };

export class NvidiaVgpu implements Part {
  faults: VgpuFaults = {};
  readonly #host: DescribedHost;
  readonly #way: Way;
  /** Types by what they are made of: a UUID, or the address of a virtual function. */
  readonly #made = new Map<string, number>();
  #hasFunctions = true;

  constructor(host: DescribedHost, way: Way) {
    this.#host = host;
    this.#way = way;
    host.plug(this);
  }

  /** What is there, for whoever compares: UUIDs are drawn. */
  get made(): string[] {
    const { machine } = this.#host;
    const settings = FUNCTIONS.map((one) => machine.sys(`bus/pci/devices/${one}/nvidia/vgpu_params`));
    return [...[...this.#made.values()].map(String), ...settings.filter((text) => text !== '')];
  }

  readonly commands = {
    tee: (_: Machine, [value = '', file = '']: readonly string[]): Answer => this.#write(value.trim(), file),
    'nvidia-smi': (machine: Machine, args: readonly string[]): Answer => this.#smi(machine, args),
    mmul: (): Answer => done('GFLOPS: 42.5\n'),
  };

  readonly booted = (machine: Machine, domain: Domain | undefined): void => {
    if (domain === undefined) this.#bootHost(machine);
    else this.#bootGuest(machine, domain);
  };

  /** QEMU opens what it is given, which has to be there. */
  readonly refusal = (settings: ReadonlyMap<string, string>): string | undefined => {
    const missing = keysIn(settings).find((key) => !this.#made.has(key));
    return missing === undefined
      ? undefined
      : `vfio ${missing}: no such host device: No such file or directory`;
  };

  /** What sriov-manage -e does: a part of NVIDIA’s driver that is not in PATH. */
  enableFunctions(): void {
    this.#hasFunctions = true;
    this.#tell();
  }

  get #place() {
    return PLACES[this.#way];
  }

  #typeOf(type: number): readonly [name: string, memory: number] {
    const types: Readonly<Record<number, readonly [string, number]>> = this.#place.types;
    return types[type] ?? ['', Infinity];
  }

  #bootHost(machine: Machine): void {
    this.#made.clear();
    this.#hasFunctions = this.faults.noFunctions !== true;
    machine.installFed('tee');
    machine.install('nvidia-smi');
    machine.gpu(this.#place.address, this.#place.ids, 'nvidia');
    const asked =
      /RmPVMRL=(0x\w+)/.exec(machine.disk('etc/modprobe.d/nvidia-vgpu-scheduler.conf'))?.[1] ?? '';
    const policy = POLICIES[asked];
    machine.log(
      `NVRM: GPU at ${this.#place.address} has software scheduler ${policy === undefined ? 'DISABLED' : 'ENABLED'} with policy ${policy ?? 'BEST_EFFORT'}.`,
    );
    if (policy !== undefined)
      machine.log(`NVRM: Software scheduler timeslice set to ${this.faults.slice ?? '2 ms'}.`);
    this.#tell();
  }

  #bootGuest(machine: Machine, { settings }: Domain): void {
    machine.install('nvidia-smi');
    if (keysIn(settings).length > 0 && this.faults.undriven !== true)
      machine.gpu('0000:00:05.0', this.#place.ids, 'nvidia');
  }

  /** How many more of a type: memory is shared out, and all are of one size. */
  #left(type: number): number {
    const [, memory] = this.#typeOf(type);
    const [other] = this.#made.values();
    if (other !== undefined && other !== type) return 0;
    return Math.floor(this.#place.memory / memory) - this.#made.size;
  }

  #write(value: string, file: string): Answer {
    const refused = (why: string) => failed(`tee: ${file}: ${why}`);
    const { machine } = this.#host;
    const [, type = ''] = /mdev_supported_types\/nvidia-(\d+)\/create$/.exec(file) ?? [];
    const [, key = '', attribute = ''] = /devices\/([^/]+)\/(remove|nvidia\/\w+)$/.exec(file) ?? [];
    const at = file.replace(/^\/sys\//, '');
    if (type !== '') {
      if (this.#left(Number(type)) < 1) return refused('No space left on device');
      this.#made.set(value, Number(type));
      machine.link(
        `bus/mdev/devices/${value}/mdev_type`,
        `../../../pci/devices/${this.#place.address}/mdev_supported_types/nvidia-${type}`,
      );
      machine.file(`bus/mdev/devices/${value}/nvidia/vgpu_params`, '\n');
    } else if (attribute === 'remove' && this.#made.has(key)) {
      if (this.#isOpen(key)) return refused('Device or resource busy');
      this.#made.delete(key);
      machine.gone(`bus/mdev/devices/${key}`);
    } else if (attribute === 'nvidia/current_vgpu_type' && FUNCTIONS.includes(key)) {
      if (this.#isOpen(key)) return refused('Operation not permitted');
      if (value === '0') this.#made.delete(key);
      else if (this.#left(Number(value)) < 1) return refused('Invalid argument');
      else this.#made.set(key, Number(value));
    } else if (attribute === 'nvidia/vgpu_params' && this.#made.has(key)) machine.file(at, `${value}\n`);
    else return refused('No such file or directory');
    this.#tell();
    return done();
  }

  #isOpen(key: string): boolean {
    return (
      this.#made.has(key) &&
      (this.faults.held === true ||
        [...this.#host.domains.values()].some(({ settings }) => keysIn(settings).includes(key)))
    );
  }

  #smi(machine: Machine, [verb = '', ...args]: readonly string[]): Answer {
    const isHost = machine === this.#host.machine;
    if (verb === 'vgpu' && isHost && args.includes('-q')) return done(this.#vgpus());
    if (verb !== '-q') return failed('Invalid option', 2);
    const [key = ''] = isHost
      ? []
      : keysIn(this.#host.domainOf(machine)?.settings ?? new Map<string, string>());
    if (!isHost && (key === '' || this.faults.undriven === true))
      return failed('NVIDIA-SMI has failed because it couldn’t communicate with the NVIDIA driver.', 9);
    const [name] = this.#typeOf(this.faults.inGuest ?? this.#made.get(key) ?? 0);
    const mode = isHost ? (this.faults.bare === true ? 'None' : 'Host VGPU') : this.#inGuest();
    return done(
      `\n==============NVSMI LOG==============\n\nGPU 00000000:00:05.0\n${line(4, 'Product Name', isHost ? 'Tesla T4' : name)}` +
        `    GPU Virtualization Mode\n${line(8, 'Virtualization Mode', mode)}${line(8, 'Host VGPU Mode', 'N/A')}` +
        (isHost
          ? ''
          : `    vGPU Software Licensed Product\n${line(8, 'Product Name', 'NVIDIA RTX Virtual Workstation')}${line(8, 'License Status', this.#licence())}`),
    );
  }

  #inGuest(): string {
    return this.faults.whole === true ? 'Pass-Through' : 'VGPU';
  }

  #licence(): string {
    return this.faults.unlicensed === true
      ? 'Unlicensed (Unrestricted)'
      : 'Licensed (Expiry: 2027-3-19 7:29:4 GMT)';
  }

  #vgpus(): string {
    const { address } = this.#place;
    const running = [...this.#host.domains].flatMap(([name, { id, settings }]) =>
      keysIn(settings).map((key) => ({ name, id, key })),
    );
    const isDriven = this.faults.undriven !== true;
    const each = running.map(({ name, id, key }) => {
      const type = this.faults.onHost ?? this.#made.get(key) ?? 0;
      const ofMdev =
        this.#way === 'mdev'
          ? line(8, 'MDEV UUID', key) +
            line(8, 'Frame Rate Limit', this.faults.limited === true ? '60 FPS' : 'N/A')
          : '';
      return (
        line(4, 'vGPU ID', String(3251634000 + id)) +
        line(8, 'VM UUID', 'f0adb76f-7612-4c68-84b4-375a4e6c5476') +
        line(8, 'VM Name', name) +
        line(8, 'vGPU Name', this.#typeOf(type)[0]) +
        line(8, 'vGPU Type', String(type)) +
        line(8, 'Guest Driver Version', isDriven ? '580.105.08' : 'N/A') +
        line(8, 'License Status', isDriven ? this.#licence() : 'N/A (Expiry: N/A)') +
        ofMdev +
        line(8, 'GPU Instance ID', 'N/A')
      );
    });
    return `GPU 0000${address}\n${line(4, 'Active vGPUs', String(running.length))}${each.join('')}`;
  }

  /** What sysfs shows. */
  #tell(): void {
    const { machine } = this.#host;
    const at = `bus/pci/devices/${this.#place.address}`;
    const types = Object.keys(this.#place.types).map(Number);
    if (this.faults.bare === true) return;
    if (this.#way === 'mdev') {
      for (const type of types) {
        machine.file(`${at}/mdev_supported_types/nvidia-${type}/name`, `${this.#typeOf(type)[0]}\n`);
        machine.file(
          `${at}/mdev_supported_types/nvidia-${type}/available_instances`,
          `${Math.max(0, this.#left(type))}\n`,
        );
      }
      return;
    }
    machine.file(`${at}/sriov_totalvfs`, '32\n');
    machine.file(`${at}/sriov_numvfs`, this.#hasFunctions ? '32\n' : '0\n');
    if (!this.#hasFunctions) return;
    for (const [number, address] of FUNCTIONS.entries()) {
      const own = `bus/pci/devices/${address}`;
      const creatable = this.#made.has(address) ? [] : types.filter((type) => this.#left(type) > 0);
      machine.file(
        `${own}/nvidia/creatable_vgpu_types`,
        `ID    : vGPU Name\n${creatable.map((type) => `${String(type).padEnd(6)}: ${this.#typeOf(type)[0]}\n`).join('')}`,
      );
      machine.file(`${own}/nvidia/current_vgpu_type`, `${this.#made.get(address) ?? 0}\n`);
      if (machine.sys(`${own}/nvidia/vgpu_params`) === '') machine.file(`${own}/nvidia/vgpu_params`, '\n');
      machine.link(`${at}/virtfn${number}`, `../${address}`);
    }
  }
}

/** As nvidia-smi prints one: the colon in column 43. */
function line(indent: number, key: string, value: string): string {
  return `${' '.repeat(indent)}${key.padEnd(42 - indent)}: ${value}\n`;
}

/** What a guest’s configuration names of it: UUIDs of mediated devices, and addresses. */
function keysIn(settings: ReadonlyMap<string, string>): string[] {
  return [...settings.keys()].flatMap((source) => /uuid='([^']*)'/.exec(source)?.[1] ?? pciIn(source) ?? []);
}
