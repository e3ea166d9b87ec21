import type { Counters } from './mode.ts';

/** The increase between two readings, by kind; kinds that did not change are left out. */
export function difference(after: Counters, before: Counters): Counters {
  return Object.fromEntries(
    Object.entries(after)
      .map(
        ([kind, count]) => [kind, count - (Object.hasOwn(before, kind) ? (before[kind] ?? 0) : 0)] as const,
      )
      .filter(([, count]) => count !== 0),
  );
}

/** What is counted over a stay: from its first attestation to its last. One per guest, by its domain. */
export class StayCounters {
  readonly #first = new Map<string, Counters>();
  readonly #last = new Map<string, Counters>();

  /** Starts a stay: earlier counts are discarded. */
  begin(domain: string): void {
    this.#first.delete(domain);
    this.#last.delete(domain);
  }

  /** Records a reading. @returns the increase since the stay’s first one; undefined for the first itself */
  read(domain: string, counters: Counters): Counters | undefined {
    const first = this.#first.get(domain);
    if (first === undefined) {
      this.#first.set(domain, counters);
      return undefined;
    }
    this.#last.set(domain, counters);
    return difference(counters, first);
  }

  /** Over the stay; empty without a second reading. */
  of(domain: string): Counters {
    const [first, last] = [this.#first.get(domain), this.#last.get(domain)];
    return first === undefined || last === undefined ? {} : difference(last, first);
  }
}
