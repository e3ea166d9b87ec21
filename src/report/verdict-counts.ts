import type { Comparison } from '../compare/results.ts';

/** How often each verdict was reached, such as `slower in 3, same in 1 of 4 metrics`. */
export function verdictCounts(comparisons: readonly Comparison[]): string {
  const counts = (['slower', 'faster', 'same', 'inconclusive'] as const)
    .map((verdict) => ({ verdict, count: comparisons.filter((one) => one.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${verdict} in ${count}`);
  return `${counts.join(', ')} of ${comparisons.length} ${comparisons.length === 1 ? 'metric' : 'metrics'}`;
}
