/** Values that were taken in strata, as blocks on several nodes: what the strata differ by is in none of their scatter. */
import { mean } from './moments.ts';

/** How many values each stratum has, in the order of the values. */
export type Strata = readonly number[];

/**
 * Items by stratum, in the order in which strata are met. Strata of one item have no scatter of their own and are put together,
 * and a single one that is left goes to the last of the others ("collapsed strata", Cochran, "Sampling Techniques", 3rd ed. 1977,
 * section 5A.12): what those strata differ by then counts as scatter, so that an interval is too wide rather than too narrow.
 */
export function inStrata<Item>(items: readonly Item[], stratumOf: (item: Item) => unknown): Item[][] {
  const found = new Map<unknown, Item[]>();
  for (const item of items) {
    const stratum = stratumOf(item);
    const own = found.get(stratum);
    if (own === undefined) found.set(stratum, [item]);
    else own.push(item);
  }
  const strata = [...found.values()];
  const several = strata.filter(({ length }) => length > 1);
  const single = strata.filter(({ length }) => length === 1).flat();
  const last = several.at(-1);
  if (single.length === 0) return several;
  if (single.length > 1 || last === undefined) return [...several, single];
  return [...several.slice(0, -1), [...last, ...single]];
}

/**
 * The values as they would be, were all strata alike: each stratum about the mean of all. Strata count by their values, so that
 * the stratified mean is that of all values. Deviations from a stratum's own mean are too small by (n_h - 1) / n_h in the
 * square, and those from the mean of all by (n - 1) / n: they are stretched by what differs (Davison & Hinkley, "Bootstrap
 * Methods and their Application", 1997, section 3.3). The standard error that is then computed as if there were one stratum
 * is Cochran's, the root of the sum of (n_h / n)² s_h² / n_h (1977, section 5.4).
 */
export function aligned(values: Float64Array, strata: Strata): Float64Array {
  const centre = mean(values);
  const n = values.length;
  const moved = parts(values, strata).map((part) => {
    const own = mean(part);
    const stretch = Math.sqrt((part.length / (part.length - 1)) * ((n - 1) / n));
    return Array.from(part, (value) => centre + stretch * (value - own));
  });
  return Float64Array.from(moved.flat());
}

/**
 * The degrees of freedom of the standard error of aligned values (Satterthwaite, Biometrics Bulletin 2(6), 1946; Cochran 1977,
 * equation 5.16): n less the number of strata where all scatter alike, and fewer where they do not.
 */
export function degreesWithin(values: ArrayLike<number>, strata: Strata): number {
  const found = parts(Float64Array.from(values), strata).map((part) => {
    const own = mean(part);
    return { squares: part.reduce((sum, value) => sum + (value - own) ** 2, 0), degrees: part.length - 1 };
  });
  const total = found.reduce((sum, { squares }) => sum + squares, 0);
  if (total === 0) return values.length - strata.length;
  return 1 / found.reduce((sum, { squares, degrees }) => sum + (squares / total) ** 2 / degrees, 0);
}

function parts(values: Float64Array, strata: Strata): Float64Array[] {
  let from = 0;
  return strata.map((size) => values.subarray(from, (from += size)));
}
