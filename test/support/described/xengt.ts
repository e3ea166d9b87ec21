/**
 * XenGT on a described Xen host, as its source has it. Cited by file of intel/XenGT-Preview-kernel below
 * drivers/gpu/drm/i915/vgt; the guest's own lines are those of drivers/gpu/drm/i915/i915_vgpu.c since Linux 4.0.
 */
import type { Machine } from './machine.ts';
import { type Answer, done, failed } from './answer.ts';
import type { Domain, Part, XenHost } from './xen-host.ts';

/** How it fails, if it should. */
export interface XengtFaults {
  /** dom0 was booted without i915.vgt=1. */
  disabled?: boolean;
  /** Its boot loader has to say i915.vgt=1. */
  byParameter?: boolean;
  /** debugfs is not mounted. */
  noDebugfs?: boolean;
  /** The guest renders on its CPU. */
  software?: boolean;
  /** Its driver found another version of PVINFO. */
  mismatch?: boolean;
  /** Somebody has written 0 to ctx_switch. */
  noSwitch?: boolean;
}

interface Instance {
  low: number;
  high: number;
  fences: number;
  commands: number;
}

/** What Haswell has, and what dom0 takes of it: MiB, MiB, registers. */
const ALL = { low: 512, high: 1536, fences: 32 };
const DOM0 = { low: 96, high: 384, fences: 4 };
const MOST = 4;

const SWITCH = 'kernel/vgt/control/ctx_switch';

export class Xengt implements Part {
  faults: XengtFaults;
  readonly #host: XenHost;
  readonly #instances = new Map<number, Instance>();

  constructor(host: XenHost, faults: XengtFaults = {}) {
    this.#host = host;
    this.faults = faults;
    host.plug(this);
  }

  readonly commands = {
    mmul: (machine: Machine, [crossings = '1']: readonly string[]): Answer =>
      this.#mmul(machine, Number(crossings)),
    mount: (_: Machine, args: readonly string[]): Answer => {
      if (args.join(' ') !== '-t debugfs none /sys/kernel/debug')
        return failed('mount: unknown filesystem type');
      this.faults = { ...this.faults, noDebugfs: false };
      this.#tellSwitches();
      return done();
    },
  };

  /** sysfs.c, vgt_ctx_switch_store. */
  readonly settled = (): void => {
    if (this.#host.dom0.sys(SWITCH) !== '1') return;
    this.#host.dom0.file(SWITCH, 'VGT context switch: enabled\n');
  };

  readonly booted = (machine: Machine, domain: Domain | undefined): void => {
    if (domain === undefined) this.#bootHost(machine);
    else if (domain.settings.get('vgt') === '1') this.#create(domain);
  };

  /** qemu writes the negative ID as it ends (sysfs.c, vgt_del_state_sysfs). */
  readonly ending = ({ id }: Domain): void => {
    if (!this.#instances.delete(id)) return;
    const { dom0 } = this.#host;
    dom0.gone(`kernel/vgt/vm${id}`);
    dom0.gone(`kernel/debug/vgt/vm${id}`);
    dom0.log('vGT: vgt_release_instance done', 5);
    this.#tellLeft();
  };

  /** Whoever asks for more than there is gets an errno from create_vgt_instance, and qemu gives up. */
  refusal(settings: ReadonlyMap<string, string>): string | undefined {
    if (settings.get('vgt') !== '1' || this.#isDisabled) return undefined;
    const { low, high, fences } = wanted(settings);
    if (this.#instances.size + 1 >= MOST) {
      this.#host.dom0.log('vGT error:(vgt_create:123) vGT: allocate_vgt_id() failed', 3);
      return 'device model did not start: create_vgt_instance: No space left on device';
    }
    const left = this.#left();
    if (low <= left.low && high <= left.high && fences <= left.fences) return undefined;
    this.#host.dom0.log('vGT: create_vgt_instance: no enough available aperture/gm/fence!', 4);
    return 'device model did not start: create_vgt_instance: Cannot allocate memory';
  }

  #bootHost(dom0: Machine): void {
    this.#instances.clear();
    dom0.load('i915', { vgt: this.#isDisabled ? 'N' : 'Y' });
    dom0.gpu('0000:00:02.0', ['8086', '0416'], 'i915');
    if (this.#isDisabled) return;
    // sysfs.c, vgt_ctx_switch_show.
    dom0.file(SWITCH, `VGT context switch: ${this.faults.noSwitch === true ? 'disabled' : 'enabled'}\n`);
    this.#tellLeft();
    this.#tellSwitches();
    dom0.log('vGT: start kthread for dev (0, 10)', 6);
  }

  get #isDisabled(): boolean {
    const { disabled = false, byParameter = false } = this.faults;
    return disabled || (byParameter && !this.#host.dom0.isBootedWith('i915.vgt=1'));
  }

  /** debugfs.c: it counts all of its switches, too. */
  #tellSwitches(): void {
    if (this.faults.noDebugfs !== true && !this.#isDisabled)
      this.#host.dom0.file('kernel/debug/vgt/context_switch_num', '0\n');
  }

  #create({ id, machine, settings }: Domain): void {
    if (this.#isDisabled) return;
    const { low, high, fences } = wanted(settings);
    this.#instances.set(id, { low, high, fences, commands: 0 });
    const { dom0 } = this.#host;
    dom0.log(
      `vGT info:(create_vgt_instance:90) vm_id=${id}, low_gm_sz=${low}MB, high_gm_sz=${high}MB, fence_sz=${fences}, vgt_primary=1`,
    );
    // sysfs.c, aperture_sz_show and gm_sz_show: %016llx.
    dom0.file(`kernel/vgt/vm${id}/aperture_sz`, `${(low * 2 ** 20).toString(16).padStart(16, '0')}\n`);
    dom0.file(`kernel/vgt/vm${id}/gm_sz`, `${((low + high) * 2 ** 20).toString(16).padStart(16, '0')}\n`);
    this.#tellLeft();
    this.#tellCommands(id);
    machine.gpu('0000:00:02.0', ['8086', '0416'], 'i915');
    if (this.faults.mismatch === true) {
      machine.log('[drm] VGT interface version mismatch!', 3);
      return;
    }
    machine.log('[drm] VGT ballooning configuration:');
    machine.log(`[drm] Mappable graphic memory: base 0x6000000 size ${low * 1024}KiB`);
    machine.log(`[drm] Unmappable graphic memory: base 0x38000000 size ${high * 1024}KiB`);
    machine.log('[drm] VGT balloon successfully');
  }

  #mmul(machine: Machine, crossings: number): Answer {
    if (machine === this.#host.dom0) return done('GFLOPS: 42.5\n');
    const id = this.#host.domainOf(machine)?.id ?? 0;
    const instance = this.#instances.get(id);
    if (instance === undefined) return failed('mmul: no GPU at /dev/dri/card0');
    if (this.faults.software !== true) instance.commands += crossings;
    this.#tellCommands(id);
    return done('GFLOPS: 40.5\n');
  }

  /** debugfs.c, vgt_create_debugfs: whole numbers. */
  #tellCommands(id: number): void {
    if (this.faults.noDebugfs === true) return;
    const { commands = 0 } = this.#instances.get(id) ?? {};
    this.#host.dom0.file(`kernel/debug/vgt/vm${id}/perf/total_cmds`, `${commands}\n`);
    this.#host.dom0.file(`kernel/debug/vgt/vm${id}/perf/mmio_rcnt`, `${commands * 3}\n`);
  }

  #left(): { low: number; high: number; fences: number } {
    const taken = [DOM0, ...this.#instances.values()];
    const sum = (of: 'low' | 'high' | 'fences') => taken.reduce((all, one) => all + one[of], 0);
    return { low: ALL.low - sum('low'), high: ALL.high - sum('high'), fences: ALL.fences - sum('fences') };
  }

  #tellLeft(): void {
    const left = this.#left();
    const words = [ALL.low, left.low, ALL.high, left.high, ALL.fences, left.fences];
    const line = words.map((word) => `0x${word.toString(16).padStart(8, '0')}`).join(' ');
    this.#host.dom0.file('kernel/vgt/control/available_resource', `${line}\n`);
  }
}

function wanted(settings: ReadonlyMap<string, string>): { low: number; high: number; fences: number } {
  const at = (name: string, otherwise: number) => Number(settings.get(name) ?? otherwise);
  return { low: at('vgt_low_gm_sz', 64), high: at('vgt_high_gm_sz', 448), fences: at('vgt_fence_sz', 4) };
}
