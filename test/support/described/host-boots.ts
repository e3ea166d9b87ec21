/** A boot loader with an entry for Xen and one for Linux alone, and a power controller; of a described computer. */
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import { type Answer, done } from './answer.ts';
import type { HostBoot, Part, XenHost } from './xen-host.ts';

export class HostBoots implements Part {
  /** How long it takes to go down, and to start, in ms. */
  downMs = 50;
  bootMs = 200;
  /** What it starts if nothing was selected. */
  otherwise: HostBoot = 'xen';
  /** What is selected for the next start has no effect: GRUB_DEFAULT is not saved. */
  selectsNothing = false;
  /** This many of its next starts hang before sshd. */
  hangs = 0;
  readonly #host: XenHost;
  #selected: HostBoot | undefined;
  #starting: NodeJS.Timeout | undefined;

  constructor(host: XenHost) {
    this.#host = host;
    host.plugBefore(this);
  }

  readonly commands = {
    'grub-reboot': (_: Machine, [entry]: readonly string[]): Answer => {
      if (entry === 'xen' || entry === 'bare') this.#selected = entry;
      return done();
    },
    reboot: (): Answer => this.#restart(),
    'power-cycle': (): Answer => this.#restart(),
  };

  /** A command line, run outside of it, that switches it off and on again. */
  get resetCommand(): string {
    return ['perl', join(import.meta.dirname, 'client'), this.#host.socket, 'dom0', 'power-cycle'].join(' ');
  }

  /** It under `machines` of an experiment. @param ready how long it may take to start */
  machine(ready: string, hasReset = true): string {
    const boots =
      "bare: { select: grub-reboot bare, check: '! test -e /sys/hypervisor/type' }, xen: { select: grub-reboot xen, check: test -e /sys/hypervisor/type }";
    const reset = hasReset ? `, reset: '${this.resetCommand}'` : '';
    return `{ boots: { ${boots} }, reboot: reboot, ready: ${ready}${reset} }`;
  }

  /** Up as it was at first, whatever it was about to do. */
  renew(): void {
    clearTimeout(this.#starting);
    Object.assign(this, { hangs: 0, selectsNothing: false, bootMs: 200, downMs: 50, otherwise: 'xen' });
    this.#selected = undefined;
    this.#host.bootedAs = 'xen';
    this.#host.reboot();
  }

  /** Somebody else restarts it, as that. */
  behindOurBack(boot: HostBoot): void {
    this.#selected = boot;
    this.#restart();
  }

  /** Goes down, and comes up as selected, once, or else as always. */
  #restart(): Answer {
    clearTimeout(this.#starting);
    this.#starting = setTimeout(() => {
      this.#host.off();
      this.#host.bootedAs = (this.selectsNothing ? undefined : this.#selected) ?? this.otherwise;
      this.#selected = undefined;
      this.#starting = setTimeout(() => {
        if (this.hangs-- > 0) return;
        this.hangs = 0;
        this.#host.reboot();
      }, this.bootMs);
    }, this.downMs);
    return done();
  }
}
