/** Where runs are hit, and who hears of it. */
import type { SmallDisk } from '../support/small-disk.ts';
import type { Program } from './program.ts';

export type Kind = 'harness' | 'link' | 'disk';

/** Where one run after the other is hit, beside other lanes. */
export interface Lane {
  program: Program;
  folder: string;
  server: { alias: string; sshConfig: string; pid: number; lock: string };
  /** Undefined where none can be mounted. */
  disk: SmallDisk | undefined;
}

/** What the storm hears of. */
export interface Log {
  /** Whether another point is wanted; it is taken then. */
  next: () => boolean;
  /** What it was; undefined where there was nothing to hit, and it is wanted still. */
  hit: (kind: Kind | undefined) => void;
  ended: (what: string, tookMs: number) => void;
  /** Trials failed for want of a link, and are run again. */
  retried: () => void;
}
