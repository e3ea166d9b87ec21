import type { Counters } from './mode.ts';

/** What was added between two readings, by kind; kinds that stood still are left out. */
export function difference(after: Counters, before: Counters): Counters {
  return Object.fromEntries(
    Object.entries(after)
      .map(
        ([kind, count]) => [kind, count - (Object.hasOwn(before, kind) ? (before[kind] ?? 0) : 0)] as const,
      )
      .filter(([, count]) => count !== 0),
  );
}
