/** A device of the host’s that a guest is lent: a PCI function by its address, or a mediated device by its UUID. */
export type HostDevice = { pci: string; permissive?: boolean } | { mdev: string };

/** How a guest is given devices of its host’s: with a start, and until it is off again; or while it runs. */
export interface Lend {
  /** Exits with 0 where it is on, and has them. */
  has: string;
  /** Exits with 0 where it has them by its own configuration. */
  own: string;
  /** Starts it with them where it is off. */
  start: string;
  /** Once it is off: its next start is without them. */
  takeBack: string;
  /** Gives them to it while it is on. */
  attach: string;
  /** Takes them from it where it is on and has them, and waits until it hasn’t; fails where it goes on having them. */
  detach: string;
}

/** How a guest is started and stopped by its host: scripts for POSIX sh there. Running any of them twice does no harm. */
export interface Power {
  /** Starts it where it is off; need not wait until it answers. */
  start: string;
  /** The same with settings of its virtual machine besides; undefined where they can't be given at a start. */
  startWith: ((settings: readonly string[]) => string) | undefined;
  /** The same with devices of its host’s; undefined where its own command line has to have them. */
  lend: ((devices: readonly HostDevice[]) => Lend) | undefined;
  /** The driver that holds a PCI device of its host’s for it. */
  holder: 'pciback' | 'vfio-pci';
  /** Has it shut down by itself, and waits until it is off; ends it where it is not in time. */
  shutdown: string;
  /** Ends it as it stands. */
  destroy: string;
  /** A line that shuts it down and starts it, for a person to run. */
  restart: string;
  /** The xl.cfg file on its host that it is created from; undefined where it is not by xl. */
  config: string | undefined;
  /** Exits with 0 where it is on. */
  running: string;
  /** Prints what it wrote to its console last; undefined where that is not kept. */
  console: string | undefined;
  /** How long it may take from its start until it answers over ssh, in ms. */
  readyMs: number;
}
