import type { Suite } from './archive.ts';

/** A way to Debian's packages, whichever: what comes by it was held against Debian's signature. */
export interface Way {
  /**
   * Reads the indices of suites, which are what packages are looked up in from then on.
   * @param old Whether their age tells nothing.
   * @returns the suites that aren't there.
   * @throws Problem where they can't be read or trusted.
   */
  read: (suites: readonly Suite[], old: boolean) => Promise<Suite[]>;
  /** The names in a package's Depends. */
  dependsOf: (name: string) => Promise<string[]>;
  /**
   * Leaves the newest version of each package in a folder, as name_version_architecture.deb.
   * @throws Problem where one can't be had.
   */
  download: (names: readonly string[], folder: string, heard: Heard) => Promise<void>;
}

/** Hears how many bytes are there, of how many. */
export type Heard = (bytes: number, of: number) => void;
