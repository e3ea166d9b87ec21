/** The result of a check, made without changing anything, and how to fix what is wrong. */

/** A fix: a command line for POSIX sh, run as root on a target, or a key of the experiment file. */
export type Remedy =
  | { on: string; run: string }
  /** `value` is what it has to be; undefined where only the file’s author can know. */
  | { key: string; value: string | undefined };

/** One check on a target. */
export interface Examined {
  target: string;
  what: string;
  ok: boolean;
  /** From a guest: hostile text. */
  found: string;
  /** What to do, in words, including the remedy; undefined if there is nothing to do. */
  next: string | undefined;
  /** The same for a program; also undefined if it takes a person, for instance to build a kernel. */
  remedy?: Remedy | undefined;
}

export type Look = Omit<Examined, 'target'>;

/** A check that passed. */
export const fine = (what: string, found: string): Look => ({ what, ok: true, found, next: undefined });

/** @param how what the remedy does, as an introduction to it; replaces it if there is none */
export function amiss(what: string, found: string, how: string, remedy?: Remedy): Look {
  return { what, ok: false, found, next: remedy === undefined ? how : `${how}: ${told(remedy)}`, remedy };
}

function told(remedy: Remedy): string {
  if ('run' in remedy) return `on ${remedy.on}, as root: ${remedy.run}`;
  return remedy.value === undefined
    ? `${remedy.key} in the experiment file`
    : `${remedy.key}: ${remedy.value} in the experiment file`;
}
