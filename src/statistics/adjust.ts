/** P values of many comparisons at once: each comes back raised, in its place, to be held against the level. */

/**
 * Holm's adjusted p values: comparing them with a level keeps the chance of even one false alarm among all
 * of them under it, whatever their dependence (Holm, Scandinavian Journal of Statistics 6(2), 1979). For
 * gates. Throws RangeError for a value outside [0, 1].
 */
export function holm(pValues: readonly number[]): number[] {
  requireProbabilities(pValues);
  const ascending = order(pValues);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  for (const [place, index] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - place) * (pValues[index] as number)));
    adjusted[index] = largest;
  }
  return adjusted;
}

/**
 * Benjamini and Hochberg's adjusted p values: comparing them with q keeps the expected share of false ones
 * among the findings under q, for independent or positively dependent comparisons (Journal of the Royal
 * Statistical Society B 57(1), 1995). For exploration. Throws RangeError for a value outside [0, 1].
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  requireProbabilities(pValues);
  const ascending = order(pValues);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let smallest = 1;
  for (const [place, index] of [...ascending.entries()].reverse()) {
    smallest = Math.min(smallest, (pValues.length / (place + 1)) * (pValues[index] as number));
    adjusted[index] = smallest;
  }
  return adjusted;
}

/** The indices of the values, from the smallest value to the largest. */
function order(values: readonly number[]): number[] {
  return [...values.keys()].sort((a, b) => (values[a] as number) - (values[b] as number));
}

function requireProbabilities(pValues: readonly number[]): void {
  for (const [index, p] of pValues.entries()) {
    if (!(p >= 0 && p <= 1))
      throw new RangeError(`a p value must be from 0 to 1, found ${p} at index ${index}`);
  }
}
