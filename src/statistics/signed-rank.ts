/** The Wilcoxon signed-rank test (Wilcoxon, Biometrics Bulletin 1(6), 1945): are paired differences centred on zero? */
import { at } from './at.ts';
import { requireFinite } from './finite.ts';
import { normalTail } from './normal.ts';
import { rank } from './ranks.ts';

/**
 * Up to this many differences the distribution is computed exactly; beyond, the normal approximation is close
 * enough.
 */
export const EXACT_LIMIT = 50;

export interface SignedRank {
  /** W+, the sum of the ranks of the positive differences. */
  readonly statistic: number;
  /** Two-sided. */
  readonly p: number;
  /** How many differences were not zero; zeros carry no sign and are left out, as Wilcoxon did. */
  readonly n: number;
  readonly exact: boolean;
}

/**
 * Two-sided test that the differences are symmetric about zero. Up to 50 of them p is exact, ties included:
 * every assignment of signs to the observed midranks is counted. Beyond, it is the normal approximation with
 * corrections for ties and continuity (Hollander, Wolfe & Chicken, "Nonparametric Statistical Methods", 3rd
 * ed., section 3.1). Throws RangeError for no or non-finite differences.
 */
export function signedRankTest(differences: ArrayLike<number>): SignedRank {
  const signed = requireFinite(differences, 'a signed-rank test').filter((difference) => difference !== 0);
  const n = signed.length;
  if (n === 0) return { statistic: 0, p: 1, n, exact: true };
  const { ranks, tieTerm } = rank(signed.map(Math.abs));
  const statistic = ranks.reduce((sum, one, i) => (at(signed, i) > 0 ? sum + one : sum), 0);
  if (n <= EXACT_LIMIT) return { statistic, p: exactP(ranks, statistic), n, exact: true };
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieTerm / 48;
  const distance = Math.max(0, Math.abs(statistic - (n * (n + 1)) / 4) - 0.5);
  return { statistic, p: 2 * normalTail(distance / Math.sqrt(variance)), n, exact: false };
}

function exactP(ranks: Float64Array, statistic: number): number {
  const cumulative = signedRankDistribution(ranks.map((one) => 2 * one)); // midranks come in halves
  const total = cumulative.length - 1;
  const smaller = Math.min(2 * statistic, total - 2 * statistic);
  return Math.min(1, 2 * at(cumulative, smaller));
}

/**
 * P(W <= w) for w = 0, 1, ... up to the sum of the weights, where W adds each of the integers with
 * probability one half. With the weights 1 to n it is the null distribution of the signed-rank statistic.
 */
export function signedRankDistribution(integers: ArrayLike<number>): Float64Array {
  const weights = new Float64Array(integers);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const probability = new Float64Array(total + 1);
  probability[0] = 1;
  let reached = 0;
  for (const weight of weights) {
    reached += weight;
    for (let w = reached; w >= 0; w--) {
      const without = at(probability, w);
      probability[w] = (without + (w >= weight ? at(probability, w - weight) : 0)) / 2;
    }
  }
  for (let w = 1; w <= total; w++) probability[w] = at(probability, w) + at(probability, w - 1);
  return probability;
}
