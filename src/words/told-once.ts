/** Something that happened, as a row of a list. */
interface Happened {
  wall: string;
  kind: string;
  target: string | null;
  text: string;
}

/**
 * The first of those that differ only in their time and trial, in order; how often it happened, and when
 * last.
 */
export function toldOnce<One extends Happened>(
  all: readonly One[],
): (One & { times: number; last: string })[] {
  const groups = new Map<string, One & { times: number; last: string }>();
  for (const one of all) {
    const key = JSON.stringify([one.kind, one.target, one.text]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { ...one, times: 1, last: one.wall });
    else Object.assign(known, { times: known.times + 1, last: one.wall });
  }
  return [...groups.values()];
}
