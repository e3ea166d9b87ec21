/** What was looked at, without changing it, and what mends it. */

/** What mends it: a command line for POSIX sh, run as root on a target, or a key of the experiment file. */
export type Remedy =
  | { on: string; run: string }
  /** `value` is what it has to be; undefined where only the file’s author can know. */
  | { key: string; value: string | undefined };

/** One thing that was looked at on a target. */
export interface Examined {
  target: string;
  what: string;
  ok: boolean;
  /** From a guest: hostile text. */
  found: string;
  /** What to do, in words, with the remedy in them; undefined where there is nothing to be done. */
  next: string | undefined;
  /** The same for a program; undefined also where it takes a person, such as a kernel that is to be built. */
  remedy?: Remedy | undefined;
}

export type Look = Omit<Examined, 'target'>;

/** Nothing is amiss with it. */
export const fine = (what: string, found: string): Look => ({ what, ok: true, found, next: undefined });

/** @param how what the remedy does, in words that go before it; instead of it where there is none */
export function amiss(what: string, found: string, how: string, remedy?: Remedy): Look {
  return { what, ok: false, found, next: remedy === undefined ? how : `${how}: ${told(remedy)}`, remedy };
}

function told(remedy: Remedy): string {
  if ('run' in remedy) return `on ${remedy.on}, as root: ${remedy.run}`;
  return remedy.value === undefined
    ? `${remedy.key} in the experiment file`
    : `${remedy.key}: ${remedy.value} in the experiment file`;
}
