import type { Comparison } from '../compare/results.ts';

/** The number of times each verdict was reached, in a few words: `3 slower, 1 same`. */
export function shortCounts(comparisons: readonly Comparison[]): string {
  return counted(comparisons)
    .map(({ verdict, count }) => `${count} ${verdict}`)
    .join(', ');
}

/** The same in a sentence, such as `slower in 3, same in 1 of 4 metrics`. */
export function verdictCounts(comparisons: readonly Comparison[]): string {
  const counts = counted(comparisons).map(({ verdict, count }) => `${verdict} in ${count}`);
  return `${counts.join(', ')} of ${comparisons.length} ${comparisons.length === 1 ? 'metric' : 'metrics'}`;
}

function counted(comparisons: readonly Comparison[]) {
  return (['slower', 'faster', 'same', 'inconclusive'] as const)
    .map((verdict) => ({ verdict, count: comparisons.filter((one) => one.verdict === verdict).length }))
    .filter(({ count }) => count > 0);
}
