/**
 * PVDRM on a described Xen host, according to its source. Cited by file and line of CPFL/pvdrm at 834a59f5:
 * what the mode relies on is implemented there, not in the mode.
 */
import type { Machine } from './machine.ts';
import { setImmediate as soon } from 'node:timers/promises';
import { type Answer, done, failed } from './answer.ts';
import type { Domain, Part, XenHost } from './xen-host.ts';

/** How it fails, if it should. */
export interface PvdrmFaults {
  /** The build's common/pvdrm_log.h says #if 0: nothing is logged. */
  quiet?: boolean;
  /** The main loop never sees that it should stop: a slot that is never done (backend/pvdrm_back_drv.c:757). */
  stuck?: boolean;
  /** counter-ref is not there when the back-end reads it (backend/pvdrm_back_drv.c:712). */
  noRing?: boolean;
  /** The back-end's module does not load: built for another kernel. */
  noBack?: boolean;
  /** The front-end is loaded at boot, with its default options: in all guests, or in one. */
  atBoot?: boolean | string;
  /** The guest was given an NVIDIA device. */
  passedThrough?: boolean;
  /** The guest is a PV guest. */
  translated?: false;
  /** counter-ref is taken away once it is connected. */
  losesRing?: boolean;
  /** After so many runs of its workload the main loop ends (backend/pvdrm_back_drv.c:758). */
  loopEndsAfter?: number;
  /** The front-end that was built takes no notice of its options. */
  ignoresOptions?: boolean;
  /** Where the GPU is. */
  address?: string;
  /** What drives the GPU in dom0 instead of nouveau. */
  driver?: string;
}

const NAMES = ['', 'Initialising', 'InitWait', 'Initialised', 'Connected', 'Closing', 'Closed'];

export class Pvdrm implements Part {
  faults: PvdrmFaults;
  /** Machines where the module was installed, and nobody has run depmod since. */
  readonly unindexed = new Set<string>();
  readonly #host: XenHost;
  /** Back-ends whose main loop runs, by the domain's ID. */
  readonly #loops = new Set<number>();

  constructor(host: XenHost, faults: PvdrmFaults = {}) {
    this.#host = host;
    this.faults = faults;
    host.store.watch((path) => {
      this.#changed(path);
    });
    host.plug(this);
  }

  readonly commands = {
    modprobe: (machine: Machine, args: readonly string[]): Answer | undefined =>
      this.#modprobe(machine, args),
    depmod: (machine: Machine): Answer => {
      this.unindexed.delete(machine.name);
      return done();
    },
    mmul: (machine: Machine, [crossings = '0']: readonly string[]): Answer =>
      this.#mmul(machine, Number(crossings)),
  };

  readonly booted = (machine: Machine, domain: Domain | undefined): void => {
    if (domain === undefined) {
      this.#loops.clear();
      this.#gpu(machine);
    } else {
      // Xen's features, in sysfs: without XENFEAT_auto_translated_physmap.
      if (this.faults.translated === false) machine.file('hypervisor/properties/features', '0000070b\n');
      const conf = machine.disk('etc/modprobe.d/pvdrm.conf');
      const { atBoot = false } = this.faults;
      if ((atBoot === true || atBoot === machine.name) && !conf.includes('blacklist pvdrm-front'))
        machine.load('pvdrm_front', { cache: '0' });
      if (this.faults.passedThrough === true || domain.config.has('pci'))
        machine.file('bus/pci/devices/0000:00:05.0/vendor', '0x10de\n');
    }
  };

  /** A front-end that vanishes has its back-end's device unregistered, and its thread run on (backend/pvdrm_back_drv.c:878). */
  readonly ending = ({ id }: Domain): void => {
    if (this.#loops.has(id)) this.#host.crash('use after free in pvdrm-back');
  };

  #gpu(dom0: Machine): void {
    const { driver = 'nouveau', address = '0000:01:00.0' } = this.faults;
    dom0.gpu(address, ['10de', '1b80'], driver);
  }

  #modprobe(machine: Machine, args: readonly string[]): Answer | undefined {
    const remove = args[0] === '-r';
    const [name = '', ...options] = args.filter((arg) => !arg.startsWith('-'));
    const module = name.replaceAll('-', '_');
    if (remove) {
      if (!machine.modules.has(module)) return done();
      if (module === 'pvdrm_back' && this.#loops.size > 0)
        return failed(`modprobe: FATAL: Module ${module} is in use.`);
      // frontend/pvdrm_drm.c:277: its remove does nothing, so that a device stays bound to nothing.
      if (module === 'pvdrm_front' && this.#state(machine) !== undefined)
        return failed(`modprobe: FATAL: Module ${module} is in use.`);
      machine.unload(module);
      return done();
    }
    const known = module === (machine === this.#host.dom0 ? 'pvdrm_back' : 'pvdrm_front');
    if (!known) return undefined;
    if (this.unindexed.has(machine.name))
      return failed(`modprobe: FATAL: Module ${name} not found in directory /lib/modules/3.17.2`);
    if (args.includes('-n')) return done();
    if (machine.modules.has(module)) return done();
    if (module === 'pvdrm_back' && this.faults.noBack === true)
      return failed(`modprobe: ERROR: could not insert '${module}': Exec format error`);
    const given = Object.fromEntries(options.map((option) => option.split('=') as [string, string]));
    // backend/pvdrm_back_drv.c:65 and frontend/pvdrm_drm.c:59: whole numbers, by default 1 and 0, readable by root.
    machine.load(
      module,
      module === 'pvdrm_back'
        ? { sequential: '1', ...given }
        : { cache: '0', ...(this.faults.ignoresOptions === true ? {} : given) },
    );
    this.#log(
      machine,
      module === 'pvdrm_back' ? 'Initialising backend driver.' : 'Initialising PVDRM driver.',
    );
    for (const domain of this.#host.domains.values()) this.#probe(domain);
    return done();
  }

  #changed(path: string): void {
    for (const domain of this.#host.domains.values()) {
      const [front, back] = [
        `/local/domain/${domain.id}/device/vdrm/0`,
        `/local/domain/0/backend/vdrm/${domain.id}/0`,
      ];
      if (path === `${front}/state`) this.#frontChanged(domain);
      if (path === `${back}/state`) this.#backChanged(domain);
      if (path === `${front}/state` || path === `${back}/state`) this.#probe(domain);
    }
  }

  /** A device in state Initialising is probed by a driver that is there. */
  #probe({ id, machine }: Domain): void {
    const { dom0, store } = this.#host;
    const [front, back] = [`/local/domain/${id}/device/vdrm/0`, `/local/domain/0/backend/vdrm/${id}/0`];
    if (store.read(`${back}/state`) === '1' && dom0.modules.has('pvdrm_back')) {
      this.#log(dom0, 'Proving backend driver 1.');
      dom0.link(
        `bus/xen-backend/devices/vdrm-${id}-0/driver`,
        '../../../../bus/xen-backend/drivers/pvdrm-back',
      );
      store.write(`${back}/state`, '2');
    }
    if (
      store.read(`${front}/state`) === '1' &&
      store.read(`${back}/state`) !== undefined &&
      machine.modules.has('pvdrm_front')
    ) {
      this.#log(machine, 'Proving PVDRM frontend driver.');
      machine.link('class/drm/card0/device/driver', '../../../../bus/xen/drivers/pvdrm-front');
      this.#log(machine, 'Initialised PVDRM frontend driver.');
      store.write(`${front}/state`, '3');
      // The back-end may have been first.
      this.#backChanged({ id, machine });
    }
  }

  /** frontend/pvdrm_drm.c:326, backend_changed. */
  #backChanged({ id, machine }: Pick<Domain, 'id' | 'machine'>): void {
    const { store } = this.#host;
    const [front, back] = [`/local/domain/${id}/device/vdrm/0`, `/local/domain/0/backend/vdrm/${id}/0`];
    const state = store.read(`${back}/state`);
    if (state === '2' && store.read(`${front}/state`) === '3') {
      this.#log(machine, 'CONNECTED.');
      this.#log(machine, `init with cache ${machine.modules.get('pvdrm_front')?.['cache'] ?? '0'}.`);
      this.#log(machine, 'setting counter-ref.');
      if (this.faults.noRing !== true) store.write(`${front}/counter-ref`, '9');
      store.write(`${front}/state`, '4');
      this.#log(machine, 'setting is done.');
    }
    if (state === '4') this.#log(machine, 'Ok, now connecting.');
  }

  /** backend/pvdrm_back_drv.c:830, frontend_changed. */
  #frontChanged({ id }: Domain): void {
    const { dom0, store } = this.#host;
    const [front, back] = [`/local/domain/${id}/device/vdrm/0`, `/local/domain/0/backend/vdrm/${id}/0`];
    const state = store.read(`${front}/state`);
    const own = store.read(`${back}/state`);
    if (own === undefined || own === '1' || state === undefined) return;
    this.#log(dom0, `Frontend changed backend driver to state ${NAMES[Number(state)] ?? ''}.`);
    if (state === '4' && own !== '4') {
      dom0.startThread(`vdrm-${id}`, 'pvdrm-back');
      // Before it has read counter-ref (line 705).
      store.write(`${back}/state`, '4');
      if (store.read(`${front}/counter-ref`) === undefined) {
        dom0.endThread(`vdrm-${id}`);
        store.write(`/local/domain/0/error/backend/vdrm/${id}/0/error`, '2 reading counter-ref');
        store.write(`${back}/state`, '5');
        return;
      }
      this.#loops.add(id);
      this.#log(dom0, 'Start main loop.');
    }
    if (state === '6' && own !== '6') {
      store.write(`${back}/state`, '6');
      if (this.faults.stuck === true) return;
      this.#stopped(id);
    }
  }

  /** A guest is attached by hand: both modules, and what tools/vdrm writes. */
  async attach(guest: string, sequential: string): Promise<void> {
    const { dom0, domains, store } = this.#host;
    const { id = 0, machine } = domains.get(guest) ?? {};
    this.#modprobe(dom0, ['pvdrm-back', `sequential=${sequential}`]);
    if (machine !== undefined) this.#modprobe(machine, ['pvdrm-front']);
    const [front, back] = [`/local/domain/${id}/device/vdrm/0`, `/local/domain/0/backend/vdrm/${id}/0`];
    store.write(`${front}/state`, '1');
    store.write(`${back}/state`, '1');
    while (store.read(`${front}/state`) !== '4' || store.read(`${back}/state`) !== '4') await soon();
  }

  /** A main loop that was stuck, and asked to stop, ends after all. */
  stop(guest: string): void {
    this.#stopped(this.#host.domains.get(guest)?.id ?? 0);
  }

  #stopped(id: number): void {
    const { dom0 } = this.#host;
    this.#log(dom0, 'Thread should stop.');
    this.#endLoop(id);
    dom0.gone(`bus/xen-backend/devices/vdrm-${id}-0`);
  }

  #endLoop(id: number): void {
    this.#host.dom0.endThread(`vdrm-${id}`);
    this.#loops.delete(id);
    this.#log(this.#host.dom0, 'End main loop.');
  }

  /** A program that crosses to dom0 as often as requested, for objects that the cache may have. */
  #mmul(machine: Machine, crossings: number): Answer {
    if (machine !== this.#host.dom0) {
      const id = this.#host.domainOf(machine)?.id ?? 0;
      if (!this.#loops.has(id) || this.#state(machine) !== '4')
        return failed('mmul: no GPU at /dev/dri/card0');
      if (this.faults.losesRing === true)
        this.#host.store.remove(`/local/domain/${id}/device/vdrm/0/counter-ref`);
      const cache = machine.modules.get('pvdrm_front')?.['cache'] === '1';
      for (let crossing = 0; crossing < crossings; crossing++) {
        this.#log(this.#host.dom0, 'processing slot PVDRM_IOCTL_NOUVEAU_GEM_PUSHBUF:(14)');
        this.#log(machine, 'Checking req_domain:(4) size:(1000) check:(1)');
        if (cache && crossing > 0) this.#log(machine, 'Reviving 00000000f00d with refcount:(1) domain:(4)');
        else this.#log(machine, 'Allocating 00000000f00d with refcount:(1) domain:(4)');
        if (cache) this.#log(machine, 'Caching GEM 00000000f00d count:(0).');
      }
      // With its last run: what asks after that waits for ever.
      if (this.faults.loopEndsAfter !== undefined && --this.faults.loopEndsAfter === 0) this.#endLoop(id);
    }
    return done('GFLOPS: 42.5\n');
  }

  /** The state of its front-end; undefined where there is none. */
  #state(machine: Machine): string | undefined {
    return this.#host.store.read(
      `/local/domain/${this.#host.domainOf(machine)?.id ?? ''}/device/vdrm/0/state`,
    );
  }

  #log(machine: Machine, text: string): void {
    // common/pvdrm_log.h: all of it, or nothing.
    if (this.faults.quiet !== true) machine.log(`[drm] pvdrm: ${text}`);
  }
}
