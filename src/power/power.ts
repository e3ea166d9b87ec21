/**
 * A device of the host’s that is lent to a guest: a PCI function by its address, or a mediated device by its
 * UUID.
 */
export type HostDevice = { pci: string; permissive?: boolean } | { mdev: string };

/** How to give a guest devices of its host: at its start, until it is off again; or while it runs. */
export interface Lend {
  /** Exits with 0 if it is on, and has them. */
  has: string;
  /** Exits with 0 if it has them by its own configuration. */
  own: string;
  /** Starts it with them if it is off. */
  start: string;
  /** Once it is off: its next start is without them. */
  takeBack: string;
  /** Gives them to it while it is on. */
  attach: string;
  /** Removes them if it is on and has them, and waits until they are gone; fails if they stay. */
  detach: string;
}

/**
 * How a guest is started and stopped by its host: scripts for POSIX sh there. Running any of them twice is
 * harmless.
 */
export interface Power {
  /** Starts it if it is off; need not wait until it answers. */
  start: string;
  /**
   * The same with additional settings of its virtual machine; undefined if they can't be given at a start.
   */
  startWith: ((settings: readonly string[]) => string) | undefined;
  /** The same with devices of its host; undefined if they must be on its own command line. */
  lend: ((devices: readonly HostDevice[]) => Lend) | undefined;
  /** The driver that holds a PCI device of its host for it. */
  holder: 'pciback' | 'vfio-pci';
  /** Asks it to shut down, and waits until it is off; ends it if that takes too long. */
  shutdown: string;
  /** Ends it immediately. */
  destroy: string;
  /** A command line that shuts it down and starts it, for a person to run. */
  restart: string;
  /** The xl.cfg file on its host that it is created from; undefined if it is not created by xl. */
  config: string | undefined;
  /** Exits with 0 if it is on. */
  running: string;
  /** Prints the end of its console output; undefined if that is not kept. */
  console: string | undefined;
  /** The longest time from its start until it answers over ssh, in ms. */
  readyMs: number;
}
