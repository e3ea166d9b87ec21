/** How a guest is started and stopped by its host: scripts for POSIX sh there. Running any of them twice does no harm. */
export interface Power {
  /** Starts it where it is off; need not wait until it answers. */
  start: string;
  /** The same with settings of its virtual machine besides; undefined where they can't be given at a start. */
  startWith: ((settings: readonly string[]) => string) | undefined;
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
