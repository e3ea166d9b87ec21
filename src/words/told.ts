import { isPrintableLine } from './printable.ts';

/**
 * What a guest's program may tell beside its metrics, and how it may call it. Names become columns, rows and parts of
 * charts, so they are few; more would make pages that nobody can open.
 */
export const MOST_NAMES = 100;
const LONGEST_NAME = 100;

/**
 * Sums of squares, and products of such sums, stay finite and above zero. No figure of any program comes near the
 * ends: the age of the universe has 4e26 ns.
 */
const LEAST = 1e-100;
const MOST = 1e100;

/** What names are expected to be, in words. */
export const NAME_WORDS = `1 to ${LONGEST_NAME} printable characters on one line, and not __proto__`;
export const FIGURE_WORDS = `0, or of a size from ${LEAST} to ${MOST}`;

/** Printable characters of any script. `__proto__` would be lost wherever an object is made of names. */
export function isTellableName(name: string): boolean {
  return name !== '' && name.length <= LONGEST_NAME && name !== '__proto__' && isPrintableLine(name);
}

export function isTellableFigure(value: number): boolean {
  const size = Math.abs(value);
  return value === 0 || (size >= LEAST && size <= MOST);
}
