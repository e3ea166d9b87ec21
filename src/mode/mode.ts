import type { Power } from '../power/power.ts';
import type { Examined } from '../words/examined.ts';
import type { CommandResult } from '../target/lifecycle.ts';

/** A target as a mode sees it: a place to run commands. */
export interface Place {
  name: string;
  /** A script for POSIX sh, with an empty stdin. @throws LinkLost */
  run(script: string): Promise<CommandResult>;
}

/** Where a mode is entered: a guest, and its host where the experiment names one. */
export interface Site {
  guest: Place;
  host: Place | undefined;
  /** What the host calls the guest. */
  domain: string;
  /** How the host starts and stops the guest; undefined where the experiment does not say. */
  power?: Power | undefined;
}

/** How to undo one change. It is in the journal before the change is made. */
export interface Undo {
  target: string;
  /** A script for POSIX sh on that target; running it twice does no harm. */
  script: string;
}

/** A change to a target, with its undo, in the order in which they are to be made. */
export interface Change {
  target: string;
  script: string;
  undo: Undo | undefined;
  /** It takes down whatever an earlier change with the same undo has made, which need not be undone before. */
  replaces?: boolean;
  /** Where it starts or stops a guest: which one, for the journal. */
  power?: { of: string; action: 'start' | 'stop' | 'destroy' | 'reset' };
}

/** One piece of evidence that a trial ran in the mode it claims. */
export interface Finding {
  target: string;
  /** What it is to prove, in words. */
  claim: string;
  ok: boolean;
  /** What was read. From a guest: hostile text. */
  evidence: string;
}

/** A GPU that is there in hardware. */
export interface Gpu {
  /** Its PCI ID and address, and which machine it is in: the same in each boot, and whichever way a guest reaches it. */
  identity: string;
  /** The driver that it is bound to on the machine that owns it; empty where there is none. */
  driver: string;
}

/** Boundary crossings of this stay, by kind, where the technique exposes them. */
export type Counters = Record<string, number>;

/** A way for the GPU to reach the code under test. What is built in is written against this and nothing else. */
export interface Mode {
  name: string;
  /**
   * For guests that sleep while other modes are under test: what has to be changed, on hosts alone, before the
   * guests answer at all. All sites of the mode at once, since hosts are shared.
   */
  wake?: (sites: readonly Site[]) => Promise<Change[]>;
  /** Where a guest that was woken does not answer: what makes it anew, on hosts alone. `wake` is run again then. */
  revive?: (sites: readonly Site[]) => Promise<Change[]>;
  /** Both its ends poll: where a hypervisor keeps a CPU from one of them, each crossing waits for it, and times mean nothing. */
  polls?: boolean;
  /** The share of CPU time that a hypervisor may keep from an end of it before that is told. Default: what is notable anywhere. */
  mostSteal?: number | undefined;
  /** Its guests may be restarted or stopped when it is left, so that no connection to them outlives a stay. */
  restarts?: boolean;
  /**
   * What has to be changed at this site, each change with its undo. The caller journals, then makes them. A stay
   * begins with it, and a visit may have several: what was learnt of the site in an earlier one no longer counts.
   */
  prepare(site: Site): Promise<Change[]>;
  /**
   * What can be told of a site before the mode is entered there: of all that would keep it from being entered or
   * attested. Changes nothing. @param isOn Whether the guest answers; where not, only its host is asked. @throws LinkLost
   */
  examine?: (site: Site, isOn: boolean) => Promise<Examined[]>;
  /** Evidence from guest and host. An empty list proves nothing and passes: the report says so. */
  attest(site: Site): Promise<Finding[]>;
  /** Which GPU does the work at this site; undefined where the mode can't tell. @throws LinkLost */
  gpu?: (site: Site) => Promise<Gpu | undefined>;
  /** More evidence, that can only be had while the workload runs; asked for during the first run of each trial. */
  attestDuring?: (site: Site) => Promise<Finding[]>;
  counters(site: Site): Promise<Counters>;
  /** The workload's command line as it is run in this mode. */
  wrap(command: string): string;
  environment: Readonly<Record<string, string>>;
}
