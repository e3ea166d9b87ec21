/** A way to break a set-up: what doctor has to name. What heals it, doctor says, and nobody here. */
import type { SetUp } from './set-up.ts';

/** One of several, at random. */
export type Draw = <T>(from: readonly T[]) => T;

/** What doctor must say about it. */
export interface Named {
  target: string;
  found: RegExp;
  /** The value that its remedy sets a key to, if only the experiment file’s author knows it. */
  known?: string;
}

export interface Breakage<S extends SetUp = SetUp> {
  name: string;
  breaks: (setUp: S, draw: Draw) => Named | Promise<Named>;
}

/** A guest is created anew, as its xl.cfg says now. */
export function recreate({ xen: { host } }: SetUp, guest: string): void {
  host.end(guest);
  host.create(guest, new Map());
}
