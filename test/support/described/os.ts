/**
 * What an administrator does on a described machine: boots it with another kernel command line, installs packages, has a
 * driver take a GPU. Source: grub-mkconfig(8), modprobe(8), and Documentation/ABI/testing/sysfs-bus-pci for unbind.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { type Answer, done, failed } from './answer.ts';
import type { Machine } from './machine.ts';
import type { DescribedHost, Domain, Part } from './host.ts';
import { XenHost } from './xen-host.ts';

const DRIVERS = ['nouveau', 'i915'];

/** Commands, by their packages in Debian. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'xen-utils-common': ['xl'],
  'xenstore-utils': ['xenstore-read', 'xenstore-write', 'xenstore-rm', 'xenstore-chmod', 'xenstore-list'],
  kmod: ['modprobe'],
};

export class Os implements Part {
  /** Machines whose kernels are put anywhere, unless they are told not to. */
  readonly kaslr = new Set<string>();
  readonly #host: DescribedHost;

  constructor(host: DescribedHost) {
    this.#host = host;
    host.plug(this);
  }

  readonly commands = {
    'update-grub': (machine: Machine): Answer => {
      const file = join(machine.directory, 'etc/default/grub');
      const parameters = execFileSync('sh', ['-c', '. "$0"; printf %s "$GRUB_CMDLINE_LINUX"', file]);
      machine.disk('boot/grub/grub.cfg', `linux /vmlinuz ${parameters.toString()}\n`);
      return done();
    },
    reboot: (machine: Machine): Answer => {
      const { name } = machine;
      if (machine === this.#host.machine) this.#host.reboot();
      else {
        this.#host.end(name);
        this.#host.create(name, new Map());
      }
      return done();
    },
    'apt-get': (machine: Machine, args: readonly string[]): Answer => {
      const commands = PACKAGES[args.at(-1) ?? ''];
      if (commands === undefined) return failed(`E: Unable to locate package ${args.at(-1) ?? ''}`, 100);
      for (const command of commands) machine.install(command);
      return done();
    },
    modprobe: (machine: Machine, args: readonly string[]): Answer => {
      const name = args.at(-1) ?? '';
      const { gpuIs } = machine;
      if (!DRIVERS.includes(name) || gpuIs === undefined)
        return failed(`modprobe: FATAL: Module ${name} not found in directory /lib/modules/3.17.2`);
      const { address, ids, driver } = gpuIs;
      const at = `bus/pci/devices/${address}/driver`;
      if (driver === '' || machine.sys(`${at}/unbind`) === address) machine.gpu(address, ids, name);
      return done();
    },
  };

  readonly booted = (machine: Machine, domain: Domain | undefined): void => {
    const isMoved = this.kaslr.has(machine.name) && !machine.isBootedWith('nokaslr');
    // In place: it is bound to where it is read.
    writeFileSync(
      join(machine.directory, 'kallsyms'),
      isMoved ? 'ffffffffa2600000 T _text\n' : machine.disk(`boot/System.map-${release()}`),
    );
    if (domain?.config.has('vdispl') !== true || !(this.#host instanceof XenHost)) return;
    // drivers/gpu/drm/xen/xen_drm_front.c: its own card, by a driver of xenbus.
    this.#host.store.write(`/local/domain/${domain.id}/device/vdispl/0/state`, '4');
    machine.load('drm_xen_front', {});
    machine.link('class/drm/card0/device/driver', '../../../../bus/xen/drivers/vdispl');
  };

  /** A GPU that no driver has, and that is no card therefore. */
  unbind(machine: Machine): void {
    const { gpuIs } = machine;
    if (gpuIs === undefined) return;
    machine.gone(`bus/pci/devices/${gpuIs.address}/driver`);
    machine.gone('class/drm/card0');
    machine.gpuIs = { ...gpuIs, driver: '' };
  }
}
