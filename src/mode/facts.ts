import type { Place } from './mode.ts';

/** What a machine reports about itself: facts by name. From a guest: hostile text. */
export type Facts = ReadonlyMap<string, string>;

/** Limits on what is read of a machine: facts, and characters of one fact. Counters of seven guests fit. */
const FACTS_MOST = 50;
const NAME_CHARACTERS = 40;
const VALUE_CHARACTERS = 16_384;

/**
 * Lines of a name, a tab and a value; if the script failed, the reason is the fact `failed`. @throws LinkLost
 */
export async function factsOf(place: Place, script: string): Promise<Facts> {
  const { stdout, stderr, exitCode } = await place.run(script);
  const facts = stdout.split('\n', FACTS_MOST).flatMap((line) => {
    const [name, ...value] = line.split('\t');
    if (name === undefined || name.length > NAME_CHARACTERS || value.length === 0) return [];
    return [[name, value.join(' ').trim().slice(0, VALUE_CHARACTERS)] as const];
  });
  if (exitCode !== 0) return new Map([...facts, ['failed', stderr.trim().slice(0, 300)]]);
  return new Map(facts);
}

/** A fact to be shown: where it is not there, why its script failed. */
export const told = (facts: Facts, name: string): string =>
  facts.get(name) ?? facts.get('failed') ?? 'not reported';

/** The list that a fact may be: words between blanks, of what is between commas. */
export function listOf(text = ''): string[][] {
  return text
    .split(',')
    .filter((one) => one.trim() !== '')
    .map((one) => one.trim().split(' '));
}
