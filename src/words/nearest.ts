import { distance } from 'fastest-levenshtein';

const MOST_LISTED = 30;

/** The nearest of `words` to `word`, if one is near enough to be a likely typo. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(word.length / 2)) ? best.candidate : undefined;
}

/** `expected one of a, b, c`, with a suggestion of the nearest word. */
export function oneOf(
  word: string,
  words: readonly string[],
): { expected: string; next: string | undefined } {
  const near = nearest(word, words);
  return {
    expected: words.length === 1 ? (words[0] ?? '') : `one of ${listOf(words)}`,
    next: near === undefined ? undefined : `did you mean ${near}?`,
  };
}

function listOf(words: readonly string[]): string {
  const left = words.length - MOST_LISTED;
  return left <= 0 ? words.join(', ') : `${words.slice(0, MOST_LISTED).join(', ')} and ${left} more`;
}
