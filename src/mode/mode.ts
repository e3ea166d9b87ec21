import type { Power } from '../power/power.ts';
import type { Examined } from '../words/examined.ts';
import type { CommandResult } from '../target/lifecycle.ts';

/** A target as a mode sees it: a place to run commands. */
export interface Place {
  name: string;
  /** A script for POSIX sh, with an empty stdin. @throws LinkLost */
  run(script: string): Promise<CommandResult>;
}

/** The place where a mode is entered: a guest, and its host if the experiment names one. */
export interface Site {
  guest: Place;
  host: Place | undefined;
  /** The host's name for the guest. */
  domain: string;
  /** How the host starts and stops the guest; undefined if the experiment does not say. */
  power?: Power | undefined;
}

/** How to undo one change. It is journaled before the change is made. */
export interface Undo {
  target: string;
  /** A script for POSIX sh on that target; running it twice is harmless. */
  script: string;
}

/** A change to a target, with its undo, in the order in which changes are made. */
export interface Change {
  target: string;
  script: string;
  undo: Undo | undefined;
  /**
   * It also removes whatever an earlier change with the same undo created, which need not be undone before.
   */
  replaces?: boolean;
  /** The guest that it starts or stops, if any, for the journal. */
  power?: { of: string; action: 'start' | 'stop' | 'destroy' | 'reset' };
}

/** One piece of evidence that a trial ran in the mode it claims. */
export interface Finding {
  target: string;
  /** What it proves, in words. */
  claim: string;
  ok: boolean;
  /** What was read. From a guest: hostile text. */
  evidence: string;
  /** What it says against figures though the mode holds, with what to do: a warning of the run. */
  caveat?: { code: string; text: string } | undefined;
}

/** A hardware GPU. */
export interface Gpu {
  /** Its PCI ID and address, and its machine: the same in each boot, however a guest reaches it. */
  identity: string;
  /** The driver that it is bound to on the machine that owns it; empty if none. */
  driver: string;
}

/** Boundary crossings of this stay, by kind, if the mechanism exposes them. */
export type Counters = Record<string, number>;

/** A way for the GPU to reach the code under test. Built-in modes implement this and nothing else. */
export interface Mode {
  name: string;
  /**
   * For guests that are paused or off while other modes are under test: the changes, on hosts only, after
   * which the guests answer. For all sites of the mode at once, because hosts are shared.
   */
  wake?: (sites: readonly Site[]) => Promise<Change[]>;
  /** For a woken guest that does not answer: recreates it, from hosts only. `wake` is then run again. */
  revive?: (sites: readonly Site[]) => Promise<Change[]>;
  /**
   * Both its ends poll: if a hypervisor withholds a CPU from one of them, each crossing waits for it, and
   * times are meaningless.
   */
  polls?: boolean;
  /**
   * The share of CPU time that a hypervisor may withhold (steal) before that is reported. Default: the
   * general limit.
   */
  mostSteal?: number | undefined;
  /**
   * Its guests may be restarted or stopped when it is left, so that connections to them do not survive a
   * stay.
   */
  restarts?: boolean;
  /**
   * The changes to make at this site, each with its undo. The caller journals, then makes them. A stay begins
   * with it, and a visit may have several: what was learnt about the site in an earlier one is discarded.
   */
  prepare(site: Site): Promise<Change[]>;
  /**
   * What can be checked at a site before the mode is entered there: everything that would prevent it from
   * being entered or attested. Changes nothing. @param isOn Whether the guest answers; if not, only its host
   * is asked. @throws LinkLost
   */
  examine?: (site: Site, isOn: boolean) => Promise<Examined[]>;
  /** Evidence from guest and host. An empty list proves nothing and passes: the report says so. */
  attest(site: Site): Promise<Finding[]>;
  /** Which GPU does the work at this site; undefined if the mode can't tell. @throws LinkLost */
  gpu?: (site: Site) => Promise<Gpu | undefined>;
  /**
   * Evidence that is only available while the workload runs; requested during the first run of each trial.
   */
  attestDuring?: (site: Site) => Promise<Finding[]>;
  counters(site: Site): Promise<Counters>;
  /** The workload's command line as it is run in this mode. */
  wrap(command: string): string;
  environment: Readonly<Record<string, string>>;
}
