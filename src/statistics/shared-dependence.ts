/** Whether consecutive values of several simultaneous series are correlated. */
import { FEWEST, neighbours, unbiased } from './dependence.ts';
import { requireFinite } from './finite.ts';
import { summarise } from './interval.ts';
import { type Seed, derive, seeded } from './prng.ts';
import { shuffleInPlace } from './shuffle.ts';

const LEVEL = 0.05;
const PERMUTATIONS = 999;

/**
 * The mean lag-1 autocorrelation of the series, without its bias; undefined if they are too short, or the
 * order of their values does not matter at the 5% level. A few values hardly show whether they are
 * correlated, but those of several cells of one run together do. Positions are permuted, alike in all series,
 * so that what the series share does not count as dependence (Wald & Wolfowitz, Annals of Mathematical
 * Statistics 14(4), 1943; Pesarin & Salmaso, "Permutation Tests for Complex Data", 2010, section 4). Series
 * must have the same length; throws RangeError for others, and for non-finite values.
 */
export function sharedCorrelation(series: readonly ArrayLike<number>[], seed: Seed): number | undefined {
  const n = series[0]?.length ?? 0;
  if (series.some(({ length }) => length !== n))
    throw new RangeError(
      `series must have the same length, found ${series.map(({ length }) => length).join(', ')}`,
    );
  const standardised = series.flatMap((one) => {
    const values = requireFinite(one, 'a dependence', 0);
    if (n < FEWEST) return [];
    const { mean, sd } = summarise(values);
    return sd === 0 ? [] : [values.map((value) => (value - mean) / sd)];
  });
  if (standardised.length === 0) return undefined;
  const inOrder = (places: Float64Array) =>
    standardised.reduce((sum, values) => sum + neighbours(places.map((place) => values[place] ?? 0)), 0);
  const places = Float64Array.from({ length: n }, (_, i) => i);
  const observed = inOrder(places);
  const random = seeded(derive(seed, 'shared dependence'));
  let reached = 1;
  for (let i = 0; i < PERMUTATIONS; i++) {
    shuffleInPlace(places, random);
    if (inOrder(places) >= observed) reached++;
  }
  if (observed <= 0 || reached / (PERMUTATIONS + 1) > LEVEL) return undefined;
  return unbiased(observed / (n - 1) / standardised.length, n);
}
