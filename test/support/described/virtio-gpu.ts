/**
 * virtio-gpu on a described host with KVM: the command lines of its QEMUs, and what Linux and Mesa say in its guests. Source:
 * Linux, drivers/gpu/drm/virtio/virtgpu_kms.c and virtgpu_debugfs.c; QEMU, docs/system/devices/virtio/virtio-gpu.rst;
 * vulkaninfo and eglinfo of Vulkan-Tools and mesa-demos.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, done, failed } from './answer.ts';
import type { DescribedHost, Domain, Part } from './host.ts';
import type { Machine } from './machine.ts';

/** How it fails, where it is to. */
export interface VirtioGpuFaults {
  /** The QEMU has another device. */
  device?: string;
  noDebugfs?: boolean;
  /** The host has no render server: venus is advertised, and nothing is behind it. */
  noRenderServer?: boolean;
  /** Mesa lacks the driver, or may not open the device. */
  llvmpipe?: boolean;
  /** The device is there, and the workload computes on its CPU. */
  unused?: boolean;
  /** Fences are never signalled. */
  livelock?: boolean;
}

/** What libvirt 9 and a command line of one's own have. */
const DEVICES: Readonly<Record<string, string>> = {
  virgl: '{"driver":"virtio-vga-gl","id":"video0","max_outputs":1,"bus":"pcie.0","addr":"0x1"}',
  venus:
    '{"driver":"virtio-vga-gl","id":"video0","hostmem":8589934592,"blob":true,"venus":true,"bus":"pcie.0"}',
  'native-context': 'virtio-gpu-gl-pci,hostmem=8G,blob=on,drm_native_context=on',
};
const HOST_GPU = 'AMD Radeon RX 7900 XTX (radeonsi, navi31, LLVM 17.0.6, DRM 3.57, 6.14.0)';
const RENDERERS: Readonly<Record<string, string>> = {
  virgl: `virgl (${HOST_GPU})`,
  venus: 'virgl (zink)',
  'native-context': HOST_GPU,
};
const SETS: Readonly<Record<string, readonly number[]>> = {
  virgl: [1, 2],
  venus: [1, 2, 4],
  'native-context': [1, 2, 6],
};

const LLVMPIPE = 'llvmpipe (LLVM 15.0.6, 256 bits)';
/** As long as a workload waits for a fence in vain before anybody ends it: longer than the mode looks. */
const IN_VAIN_MS = 30_000;
const FENCES = 'kernel/debug/dri/0/virtio-gpu-irq-fence';

export class VirtioGpu implements Part {
  faults: VirtioGpuFaults = {};
  variant = 'venus';
  readonly #host: DescribedHost;
  readonly #fences = new Map<string, number>();

  constructor(host: DescribedHost) {
    this.#host = host;
    host.plug(this);
  }

  readonly commands = {
    eglinfo: (machine: Machine): Answer =>
      this.#rendered(machine, `GBM platform:\nOpenGL core profile vendor: Mesa\n`, (name) =>
        ['core profile', 'compatibility profile'].map((of) => `OpenGL ${of} renderer: ${name}\n`).join(''),
      ),
    vulkaninfo: (machine: Machine): Answer => {
      const { llvmpipe, noRenderServer } = this.faults;
      const isThere = this.variant === 'venus' && llvmpipe !== true && noRenderServer !== true;
      if (isThere) this.#signal(machine, 3);
      const [name, driver] = isThere
        ? ['Virtio-GPU Venus (AMD Radeon RX 7900 XTX)', 'MESA_VENUS']
        : [LLVMPIPE, 'MESA_LLVMPIPE'];
      return done(`GPU0:\n\tdeviceName         = ${name}\n\tdriverID           = DRIVER_ID_${driver}\n`);
    },
    mount: (machine: Machine): Answer => {
      this.faults = { ...this.faults, noDebugfs: false };
      this.#debugfs(machine);
      return done();
    },
    mmul: (machine: Machine, [frames = '1']: readonly string[]): Answer | Promise<Answer> =>
      machine === this.#host.machine ? done('GFLOPS: 42.5\n') : this.#mmul(machine, Number(frames)),
  };

  readonly booted = (machine: Machine, domain: Domain | undefined): void => {
    if (domain === undefined) machine.gpu('0000:03:00.0', ['1002', '744c'], 'amdgpu');
    else this.#bootGuest(machine);
  };

  readonly ending = ({ machine }: Domain): void => {
    this.#host.machine.endThread(`qemu ${machine.name}`);
  };

  #bootGuest(machine: Machine): void {
    const device = this.faults.device ?? DEVICES[this.variant] ?? '';
    // A program that waits, with the arguments of one that would not.
    this.#host.machine.startProcess(`qemu ${machine.name}`, [
      ...['perl', '-e', 'sleep 1000000', 'qemu-system-x86_64', '-name'],
      ...[`guest=${machine.name},debug-threads=on`, '-m', '4096', '-device', device],
      ...['-display', 'egl-headless'],
    ]);
    for (const program of ['eglinfo', 'vulkaninfo', 'mount']) machine.install(program);
    this.#fences.set(machine.name, 0);
    if (!device.includes('virtio')) return;
    const has = (name: string, is: boolean) => `${is ? '+' : '-'}${name}`;
    const isShared = /blob/.test(device);
    const is3d = device.includes('-gl');
    machine.log(
      `[drm] features: ${has('virgl', is3d)} +edid ${has('resource_blob', isShared)} ${has('host_visible', isShared)}`,
    );
    machine.log(`[drm] features: ${has('context_init', isShared)}`);
    const sets = is3d ? (SETS[this.variant] ?? []) : [];
    machine.log(`[drm] number of cap sets: ${sets.length}`);
    for (const [index, id] of sets.entries())
      machine.log(`[drm] cap set ${index}: id ${id}, max-version 1, max-size 308`);
    machine.log('[drm] Initialized virtio_gpu 0.1.0 for 0000:07:00.0 on minor 0');
    this.#debugfs(machine);
  }

  #debugfs(machine: Machine): void {
    if (this.faults.noDebugfs === true) return;
    machine.file('kernel/debug/dri/0/name', 'virtio_gpu dev=0000:07:00.0 unique=0000:07:00.0\n');
    this.#signal(machine, 0);
  }

  #signal(machine: Machine, more: number, pending = 0): void {
    const count = (this.#fences.get(machine.name) ?? 0) + more;
    this.#fences.set(machine.name, count);
    if (machine.sys('kernel/debug/dri/0/name') !== '')
      machine.file(FENCES, `fence ${count} ${count + pending}\n`);
  }

  #rendered(machine: Machine, before: string, told: (name: string) => string): Answer {
    if (this.faults.llvmpipe === true) return done(before + told(LLVMPIPE));
    this.#signal(machine, 3);
    return done(before + told(RENDERERS[this.variant] ?? ''));
  }

  async #mmul(machine: Machine, frames: number): Promise<Answer> {
    if (this.faults.livelock === true) {
      this.#signal(machine, 0, 1);
      await sleep(IN_VAIN_MS);
      return failed('nobody waits any more');
    }
    if (this.faults.unused === true) return done('GFLOPS: 1.5\n');
    this.#signal(machine, frames);
    return done('GFLOPS: 40.5\n');
  }
}
