import { difference } from '../counters.ts';
import type { Counters } from '../mode.ts';

/** As many kinds as a person would read; a command that prints more is no list of counters. */
const MOST_KINDS = 64;

/** Lines of NAME NUMBER, whole and not negative; any other line is passed over. */
export function readCounters(text: string): Counters {
  const found = [...text.matchAll(/^[ \t]*([A-Za-z][\w.-]{0,62})[ \t:=]+(\d{1,15})[ \t\r]*$/gm)];
  return Object.fromEntries(found.slice(0, MOST_KINDS).map(([, kind = '', count]) => [kind, Number(count)]));
}

/** What was added between two readings, by kind; kinds that are not above their earlier reading are left out. */
export function growthOf(after: Counters, before: Counters): Counters {
  return Object.fromEntries(Object.entries(difference(after, before)).filter(([, growth]) => growth > 0));
}
