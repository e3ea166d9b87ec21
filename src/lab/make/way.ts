import type { Suite } from './archive.ts';

/** A way to get Debian's packages; all of them verify Debian's signature. */
export interface Way {
  /**
   * Reads the indices of suites, in which packages are then looked up.
   * @param old Whether to ignore their age.
   * @returns the suites that don't exist.
   * @throws Problem if they can't be read or trusted.
   */
  read: (suites: readonly Suite[], old: boolean) => Promise<Suite[]>;
  /** The names in a package's Depends. */
  dependsOf: (name: string) => Promise<string[]>;
  /**
   * Downloads the newest version of each package to a folder, as name_version_architecture.deb.
   * @throws Problem if one can't be fetched.
   */
  download: (names: readonly string[], folder: string, heard: Heard) => Promise<void>;
}

/** Called with the number of bytes so far, and in total. */
export type Heard = (bytes: number, of: number) => void;
