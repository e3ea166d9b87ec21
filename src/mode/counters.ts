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

/** What is counted over a stay: from its first attestation to its last. One for each guest, by its domain. */
export class StayCounters {
  readonly #first = new Map<string, Counters>();
  readonly #last = new Map<string, Counters>();

  /** A stay begins: what was counted earlier no longer counts. */
  begin(domain: string): void {
    this.#first.delete(domain);
    this.#last.delete(domain);
  }

  /** Notes a reading. @returns what came since the stay’s first one; undefined of that itself */
  read(domain: string, counters: Counters): Counters | undefined {
    const first = this.#first.get(domain);
    if (first === undefined) {
      this.#first.set(domain, counters);
      return undefined;
    }
    this.#last.set(domain, counters);
    return difference(counters, first);
  }

  /** Over the stay; nothing without a second reading. */
  of(domain: string): Counters {
    const [first, last] = [this.#first.get(domain), this.#last.get(domain)];
    return first === undefined || last === undefined ? {} : difference(last, first);
  }
}
