import type { GuestResult, GuestRun } from './guest-run.ts';

/**
 * Takes over a sample that an earlier session began and the guests kept.
 * @returns nothing if some guest has not begun it, or its leader died with it there: the sample must then be
 * run.
 */
export async function adopt(key: string, guests: readonly GuestRun[]): Promise<GuestResult[] | undefined> {
  const begun = await Promise.all(guests.map((guest) => guest.hasBegun(key)));
  const results = begun.every(Boolean) ? await Promise.all(guests.map((guest) => guest.run(key))) : undefined;
  return results?.some(({ result }) => result.exitCode === 'lost') === true ? undefined : results;
}

/** Ends what an earlier session left of the trial, and removes its files. */
export async function clear(guests: readonly GuestRun[]): Promise<void> {
  for (const guest of guests) {
    guest.close();
    await guest.end(0);
    await guest.forget();
  }
}
