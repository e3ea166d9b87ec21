import { printable } from '../words/printable.ts';

/**
 * Everything that a guest printed is hostile text, in reports and on the terminal alike: printable, and here on one
 * line of at most `length` characters.
 */
export function oneLine(text: string, length = 300): string {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

export { printable };
