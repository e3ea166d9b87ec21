import { timer } from '../target/timer.ts';

/** The number of concurrent logins, each of which costs a good part of a CPU here; */
const AT_ONCE = 16;
/** but one that takes longer than this, in ms, is waiting for its target, and the next may begin. */
const BUSY_MS = 500;

/**
 * Does `work` for each target, many at once, so that all those which don't answer are found in parallel.
 * @throws what `work` threw first, once all are done.
 */
export async function forEachTarget<T>(
  targets: readonly T[],
  work: (target: T) => Promise<void>,
): Promise<void> {
  const waiting = [...targets];
  const all: Promise<void>[] = [];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const busy = timer(BUSY_MS);
      const working = work(next);
      all.push(working);
      await Promise.race([working.catch(() => undefined), busy.passed]);
      busy.clear();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  await Promise.allSettled(all);
  await Promise.all(all);
}
