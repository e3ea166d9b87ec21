/** The steps in which recorded values come, and whether that affects their mean. */
import { requirePositive } from './finite.ts';
import { median } from './quantile.ts';

/** How far a value may be from a multiple of the step, in steps: rounding of a number's digits. */
const OFF_GRID = 0.01;

/**
 * The smallest step between distinct values, if the values are quantised: at most half of them are distinct,
 * and each is a multiple of that step, like a time in whole ticks of a clock. Undefined if they are not, or
 * are all the same. In the unit of the values, which are above zero.
 */
export function smallestStep(values: ArrayLike<number>): number | undefined {
  const distinct = [...new Set(requirePositive(values, 'a step'))].sort((a, b) => a - b);
  if (distinct.length < 2 || 2 * distinct.length > values.length) return undefined;
  let step = Infinity;
  for (const [index, value] of distinct.entries())
    if (index > 0) step = Math.min(step, value - (distinct[index - 1] ?? NaN));
  const onGrid = (value: number) => Math.abs(value / step - Math.round(value / step)) <= OFF_GRID;
  return distinct.every(onGrid) ? step : undefined;
}

/** The same for rates, whose steps are even in the time they are the inverse of: at their median. */
export function smallestStepOfRates(rates: ArrayLike<number>): number | undefined {
  const step = smallestStep(Float64Array.from(rates, (rate) => 1 / rate));
  return step === undefined ? undefined : step * median(rates) ** 2;
}
