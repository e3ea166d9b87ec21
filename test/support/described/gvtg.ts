/**
 * GVT-g on a described host with KVM. Cited by file of Linux below drivers/gpu/drm/i915/gvt; mdev’s own answers are those
 * of drivers/vfio/mdev/mdev_core.c and mdev_sysfs.c, the guest’s lines those of drivers/gpu/drm/i915/i915_vgpu.c.
 */
import { type Answer, done, failed } from './answer.ts';
import type { DescribedHost, Domain, Part } from './host.ts';
import type { Machine } from './machine.ts';

/** How it fails, if it should. */
export interface GvtgFaults {
  /** The host's boot loader does not say i915.enable_gvt=1. */
  byParameter?: boolean;
  /** kvmgt is not loaded yet. */
  noKvmgt?: boolean;
  noDebugfs?: boolean;
  /** The guest has no GPU, whatever the host says. */
  unseen?: boolean;
  /** The guest renders on its CPU. */
  software?: boolean;
  /** Its i915 could not keep to its part of the graphics memory. */
  noBalloon?: boolean;
  /** It is a GPU that was passed through whole: nothing says that it is a virtual one. */
  whole?: boolean;
  /** A shadow page fails while its workload runs. */
  breaks?: boolean;
}

interface Made {
  id: number;
  type: string;
}

/** vgpu.c, vgpu_types: MiB that the CPU reaches, and more; weights are shares of 16. */
const TYPES: Readonly<Record<string, { low: number; high: number; weight: number; resolution: string }>> = {
  'i915-GVTg_V5_1': { low: 512, high: 2048, weight: 16, resolution: '1920x1200' },
  'i915-GVTg_V5_2': { low: 256, high: 1024, weight: 8, resolution: '1920x1200' },
  'i915-GVTg_V5_4': { low: 128, high: 512, weight: 4, resolution: '1920x1200' },
  'i915-GVTg_V5_8': { low: 64, high: 384, weight: 2, resolution: '1024x768' },
};
/** Of an aperture of 512 MiB, and 3584 MiB more, what the host leaves (gvt.h, HOST_LOW_GM_SIZE and HOST_HIGH_GM_SIZE). */
const ALL = { low: 512 - 128, high: 3584 - 384 };

const ADDRESS = '0000:00:02.0';
const AT = `bus/pci/devices/${ADDRESS}`;

export class Gvtg implements Part {
  faults: GvtgFaults = {};
  readonly #host: DescribedHost;
  readonly #made = new Map<string, Made>();
  readonly #interrupts = new Map<string, number>();
  #hasKvmgt = true;

  constructor(host: DescribedHost) {
    this.#host = host;
    host.plug(this);
  }

  /** The current state, for comparisons. */
  get made(): string[] {
    return [...this.#made.values()].map(({ type }) => type);
  }

  readonly commands = {
    tee: (_: Machine, [value = '', file = '']: readonly string[]): Answer => this.#write(value.trim(), file),
    modprobe: (machine: Machine, [name]: readonly string[]): Answer | undefined => {
      if (name !== 'kvmgt' || machine !== this.#host.machine) return undefined;
      this.#hasKvmgt = true;
      this.#tell();
      return done();
    },
    mount: (): Answer => {
      this.faults = { ...this.faults, noDebugfs: false };
      this.#tell();
      return done();
    },
    mmul: (machine: Machine, [frames = '1']: readonly string[]): Answer =>
      this.#mmul(machine, Number(frames)),
  };

  readonly booted = (machine: Machine, domain: Domain | undefined): void => {
    if (domain === undefined) this.#bootHost(machine);
    else this.#bootGuest(machine, domain);
  };

  /** QEMU opens the device, which must exist. */
  readonly refusal = (settings: ReadonlyMap<string, string>): string | undefined => {
    const missing = uuidsIn(settings).find((uuid) => !this.#made.has(uuid));
    return missing === undefined
      ? undefined
      : `vfio /sys/bus/mdev/devices/${missing}: no such host device: No such file or directory`;
  };

  readonly ending = ({ settings }: Domain): void => {
    for (const uuid of uuidsIn(settings)) this.#activate(uuid, false);
  };

  #bootHost(machine: Machine): void {
    this.#made.clear();
    machine.installFed('tee');
    machine.install('mount');
    machine.gpu(ADDRESS, ['8086', '1912'], 'i915');
    this.#hasKvmgt = this.faults.noKvmgt !== true;
    this.#tell();
  }

  get #isEnabled(): boolean {
    return this.faults.byParameter !== true || this.#host.machine.isBootedWith('i915.enable_gvt=1');
  }

  /** vgpu.c, __intel_gvt_create_vgpu: the next number that is free, from 1. */
  #create(type: string, uuid: string): Answer | undefined {
    if (this.#made.has(uuid)) return undefined;
    const used = new Set([...this.#made.values()].map(({ id }) => id));
    let id = 1;
    while (used.has(id)) id++;
    this.#made.set(uuid, { id, type });
    const { machine } = this.#host;
    machine.link(`bus/mdev/devices/${uuid}/mdev_type`, `../../../../${AT}/mdev_supported_types/${type}`);
    machine.file(`bus/mdev/devices/${uuid}/intel_vgpu/vgpu_id`, `${id}\n`);
    machine.file(`bus/mdev/devices/${uuid}/remove`, '');
    this.#activate(uuid, false);
    this.#tell();
    return done();
  }

  #write(value: string, file: string): Answer {
    const refused = (why: string) => failed(`tee: ${file}: ${why}`);
    const [, type = ''] = /mdev_supported_types\/([^/]+)\/create$/.exec(file) ?? [];
    if (type !== '') {
      if (!this.#isOffered || TYPES[type] === undefined) return refused('No such file or directory');
      // aperture_gm.c, alloc_resource: gvt: fail to allocate ... is logged beside.
      if (this.#left(type) < 1) return refused('No space left on device');
      return this.#create(type, value) ?? refused('File exists');
    }
    const [, uuid = ''] = /mdev\/devices\/([^/]+)\/remove$/.exec(file) ?? [];
    const { machine, domains } = this.#host;
    if (!this.#made.has(uuid)) return refused('No such file or directory');
    // mdev_core.c: whoever has it open is waited for; a guest that runs would hang it.
    if ([...domains.values()].some(({ settings }) => uuidsIn(settings).includes(uuid)))
      return refused('Device or resource busy');
    machine.gone(`bus/mdev/devices/${uuid}`);
    machine.gone(`kernel/debug/dri/0/gvt/vgpu${this.#made.get(uuid)?.id ?? ''}`);
    this.#made.delete(uuid);
    this.#tell();
    return done();
  }

  /** debugfs.c, intel_gvt_debugfs_add_vgpu: a bool. */
  #activate(uuid: string, isOn: boolean): void {
    const id = this.#made.get(uuid)?.id;
    if (id === undefined || this.faults.noDebugfs === true) return;
    this.#host.machine.file(`kernel/debug/dri/0/gvt/vgpu${id}/active`, isOn ? 'Y\n' : 'N\n');
  }

  #bootGuest(machine: Machine, { settings }: Domain): void {
    const [uuid] = uuidsIn(settings);
    this.#interrupts.set(machine.name, 0);
    machine.interrupts('i915', 0);
    if (uuid === undefined) return;
    this.#activate(uuid, true);
    if (this.faults.unseen === true) return;
    machine.gpu('0000:00:05.0', ['8086', '1912'], 'i915');
    if (this.faults.whole === true) return;
    const { low = 0, high = 0 } = TYPES[this.#made.get(uuid)?.type ?? ''] ?? {};
    machine.log('i915 0000:00:05.0: [drm] Virtual GPU for Intel GVT-g detected.');
    machine.log('i915 0000:00:05.0: [drm] VGT ballooning configuration:');
    machine.log(`i915 0000:00:05.0: [drm] Mappable graphic memory: base 0x8000000 size ${low * 1024}KiB`);
    machine.log(`i915 0000:00:05.0: [drm] Unmappable graphic memory: base 0x38000000 size ${high * 1024}KiB`);
    machine.log(
      this.faults.noBalloon === true
        ? 'i915 0000:00:05.0: [drm] *ERROR* VGT balloon fail'
        : 'i915 0000:00:05.0: [drm] VGT balloon successfully',
    );
  }

  #mmul(machine: Machine, frames: number): Answer {
    if (machine === this.#host.machine) return done('GFLOPS: 42.5\n');
    if (this.faults.breaks === true)
      this.#host.machine.log('gvt: vgpu 1: fail: shadow page 00000000f00d guest entry 0x1 type 8', 3);
    // Without a GPU it computes on its CPU, and says nothing of it.
    if (machine.gpuIs === undefined || this.faults.software === true) return done('GFLOPS: 1.5\n');
    const count = (this.#interrupts.get(machine.name) ?? 0) + frames;
    this.#interrupts.set(machine.name, count);
    machine.interrupts('i915', count);
    return done('GFLOPS: 40.5\n');
  }

  get #isOffered(): boolean {
    return this.#isEnabled && this.#hasKvmgt;
  }

  /** vgpu.c, intel_gvt_update_vgpu_types. */
  #left(type: string): number {
    const { low = Infinity, high = Infinity } = TYPES[type] ?? {};
    const taken = [...this.#made.values()].map((one) => TYPES[one.type]);
    const sum = (of: 'low' | 'high') => taken.reduce((all, one) => all + (one?.[of] ?? 0), 0);
    return Math.min(Math.floor((ALL.low - sum('low')) / low), Math.floor((ALL.high - sum('high')) / high));
  }

  /** What sysfs shows. */
  #tell(): void {
    const { machine } = this.#host;
    machine.file('module/i915/parameters/enable_gvt', this.#isEnabled ? 'Y\n' : 'N\n');
    if (this.faults.noDebugfs === true) machine.gone('kernel/debug/dri');
    else machine.file('kernel/debug/dri/0/name', `i915 dev=${ADDRESS} unique=${ADDRESS}\n`);
    if (!this.#isOffered) return;
    machine.file('module/kvmgt/refcnt', '0\n');
    for (const [type, { low, high, weight, resolution }] of Object.entries(TYPES)) {
      // vgpu.c, intel_gvt_init_vgpu_types: what would never fit is not offered.
      if (low > ALL.low) continue;
      const at = `${AT}/mdev_supported_types/${type}`;
      // gvt.c, description_show.
      machine.file(
        `${at}/description`,
        `low_gm_size: ${low}MB\nhigh_gm_size: ${high}MB\nfence: 4\nresolution: ${resolution}\nweight: ${weight}\n`,
      );
      machine.file(`${at}/available_instances`, `${this.#left(type)}\n`);
    }
  }
}

/** Of the mediated devices that a guest has by its configuration. */
function uuidsIn(settings: ReadonlyMap<string, string>): string[] {
  return [...settings.keys()].flatMap((source) => /uuid='([^']*)'/.exec(source)?.[1] ?? []);
}
