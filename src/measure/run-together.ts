import type { Moment } from '../target/stream.ts';
import { Barrier } from './barrier.ts';
import type { GuestResult, GuestRun } from './guest-run.ts';

/** Time between the first and the last guest's start, by the guests' clocks, in ns, and its uncertainty. */
export interface Spread {
  ns: number;
  withinNs: number;
}

/** One run on every guest, started together if there are several. */
export async function runTogether(
  key: string,
  guests: readonly GuestRun[],
): Promise<{ results: GuestResult[]; spread: Spread | null }> {
  const barrier = guests.length > 1 ? new Barrier(guests.length) : undefined;
  const wait = barrier && (() => barrier.arrive());
  const results = await Promise.all(
    guests.map(async (guest) => {
      try {
        return await guest.run(key, wait);
      } catch (error) {
        barrier?.break(error);
        throw error;
      }
    }),
  );
  return {
    results,
    spread: barrier === undefined ? null : spreadOf(results.map(({ result }) => result.started)),
  };
}

/** Null if one of the starts is unknown. */
export function spreadOf(starts: readonly (Moment | null)[]): Spread | null {
  const known = starts.flatMap((start) => start ?? []);
  if (known.length === 0 || known.length < starts.length) return null;
  const inOrder = known.toSorted((a, b) => Number(a.atNs - b.atNs));
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { ns: Number(last.atNs - first.atNs), withinNs: first.withinNs + last.withinNs };
}
