/**
 * P values of many comparisons at once: each is raised, in place, so that it can be compared with the level.
 */

/**
 * Holm's adjusted p values: comparing them with a level keeps the chance of even one false alarm among all
 * of them under it, whatever their dependence (Holm, Scandinavian Journal of Statistics 6(2), 1979). For
 * gates. Throws RangeError for a value outside [0, 1].
 */
export function holm(pValues: readonly number[]): number[] {
  requireProbabilities(pValues);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let largest = 0;
  for (const [place, { p, index }] of ascending(pValues).entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - place) * p));
    adjusted[index] = largest;
  }
  return adjusted;
}

/**
 * The level with which Holm's procedure compared each p value: for those it rejects, the level divided by how
 * many were left at that step; for all others, that of the step at which it stopped. An interval at 1 - that
 * level and the adjusted p value agree: it is the interval by which the procedure decides. Throws RangeError
 * for a value outside [0, 1].
 */
export function holmLevels(pValues: readonly number[], level: number): number[] {
  requireProbabilities(pValues);
  const levels = new Array<number>(pValues.length).fill(level);
  let stoppedAt: number | undefined;
  for (const [place, { p, index }] of ascending(pValues).entries()) {
    const own = level / (pValues.length - place);
    if (stoppedAt === undefined && p > own) stoppedAt = own;
    levels[index] = stoppedAt ?? own;
  }
  return levels;
}

/**
 * Benjamini and Hochberg's adjusted p values: comparing them with q keeps the expected share of false ones
 * among the findings under q, for independent or positively dependent comparisons (Journal of the Royal
 * Statistical Society B 57(1), 1995). For exploration. Throws RangeError for a value outside [0, 1].
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  requireProbabilities(pValues);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let smallest = 1;
  for (const [place, { p, index }] of [...ascending(pValues).entries()].reverse()) {
    smallest = Math.min(smallest, (pValues.length / (place + 1)) * p);
    adjusted[index] = smallest;
  }
  return adjusted;
}

/** From the smallest to the largest, each with the index it came from. */
function ascending(pValues: readonly number[]): { p: number; index: number }[] {
  return pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
}

function requireProbabilities(pValues: readonly number[]): void {
  for (const [index, p] of pValues.entries()) {
    if (!(p >= 0 && p <= 1))
      throw new RangeError(`a p value must be from 0 to 1, found ${p} at index ${index}`);
  }
}
