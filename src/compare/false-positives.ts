import { wilsonInterval } from '../statistics/proportion.ts';
import type { Comparison, Results } from './results.ts';

/**
 * What the verdicts of the A/A arms say about the method: null if no mode is the baseline under another name.
 */
export function falsePositivesOf(
  comparisons: readonly Comparison[],
  modes: readonly string[],
  confidence: number,
): Results['falsePositives'] {
  const own = comparisons.filter(({ mode, ratio }) => modes.includes(mode) && ratio !== null);
  if (own.length === 0) return null;
  const count = (verdict: Comparison['verdict']) => own.filter((one) => one.verdict === verdict).length;
  const [slower, faster] = [count('slower'), count('faster')];
  return {
    modes: [...modes],
    comparisons: own.length,
    slower,
    faster,
    missed: own.filter(({ low, high }) => low !== null && high !== null && (low > 1 || high < 1)).length,
    rate: (slower + faster) / own.length,
    ...wilsonInterval(slower + faster, own.length, confidence),
    confidence,
  };
}
