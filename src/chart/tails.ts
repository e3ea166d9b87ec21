import type { Results } from '../compare/results.ts';
import { percentage, figure } from './spec.ts';

type Tail = NonNullable<Results['tails']>[number];

/**
 * A quantile with its interval, followed by its ratio to the baseline's; empty if there are too few samples
 * for it.
 * @param shown A figure in its display unit; its own by default.
 */
export function tailCell(
  { quantiles, baseline }: Tail,
  p: number,
  shown: (value: number) => number = (value) => value,
): string {
  const found = quantiles.find((one) => one.p === p);
  if (found === undefined) return '';
  const { value, low, high, ratio } = found;
  const own = `${figure(shown(value))} (${figure(shown(low))} to ${figure(shown(high))})`;
  return ratio === null || baseline === null
    ? own
    : `${own}; ${percentage(ratio.value)} of ${baseline}’s (${percentage(ratio.low)} to ${percentage(ratio.high)})`;
}
