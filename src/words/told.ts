import { isPrintableLine } from './printable.ts';

/**
 * Limits on what a guest's program may report besides its metrics, and on names. Names become columns, rows
 * and parts of charts, so they are few; more would make pages that nobody can open.
 */
export const MOST_NAMES = 100;
const LONGEST_NAME = 100;

/**
 * Sums of squares, and products of such sums, stay finite and above zero. No real figure comes near the ends:
 * the age of the universe is 4e26 ns.
 */
const LEAST = 1e-100;
const MOST = 1e100;

/** The expected form of names, in words. */
export const NAME_WORDS = `1 to ${LONGEST_NAME} printable characters on one line, but not __proto__`;
export const FIGURE_WORDS = `0, or of a size from ${LEAST} to ${MOST}`;

/** Printable characters of any script. `__proto__` would be lost wherever names become keys of an object. */
export function isTellableName(name: string): boolean {
  return name !== '' && name.length <= LONGEST_NAME && name !== '__proto__' && isPrintableLine(name);
}

export function isTellableFigure(value: number): boolean {
  const size = Math.abs(value);
  return value === 0 || (size >= LEAST && size <= MOST);
}
