import { difference } from '../counters.ts';
import type { Counters } from '../mode.ts';

/** As many kinds as a person would read; output with more is not a list of counters. */
const MOST_KINDS = 64;

/** Lines of NAME NUMBER, with a whole number of at least 0; other lines are ignored. */
export function readCounters(text: string): Counters {
  const found = [...text.matchAll(/^[ \t]*([A-Za-z][\w.-]{0,62})[ \t:=]+(\d{1,15})[ \t\r]*$/gm)];
  return Object.fromEntries(found.slice(0, MOST_KINDS).map(([, kind = '', count]) => [kind, Number(count)]));
}

/** The increase between two readings, by kind; kinds that did not increase are left out. */
export function growthOf(after: Counters, before: Counters): Counters {
  return Object.fromEntries(Object.entries(difference(after, before)).filter(([, growth]) => growth > 0));
}
