/** The Mann-Whitney test, for two samples that can't be paired. */
import { itemAt } from './at.ts';
import { requireFinite } from './finite.ts';
import { normalTail } from './normal.ts';
import { rank } from './ranks.ts';

/**
 * Up to this many values in both samples together, and without ties, the distribution is computed exactly.
 */
const EXACT_LIMIT = 60;

export interface MannWhitney {
  /** U of the first sample: the number of pairs in which its value is the larger one, ties counting half. */
  readonly statistic: number;
  /** Two-sided. */
  readonly p: number;
  /**
   * U over the number of pairs: the chance that a value of the first sample is the larger one (the common
   * language effect size; 0.5 means no difference).
   */
  readonly dominance: number;
  readonly exact: boolean;
}

/**
 * Two-sided test that neither of two independent samples tends to larger values (Mann & Whitney, Annals of
 * Mathematical Statistics 18(1), 1947). Exact for up to 60 values without ties; else the normal
 * approximation with corrections for ties and continuity (Hollander, Wolfe & Chicken, section 4.1). Throws
 * RangeError for an empty or non-finite sample.
 */
export function mannWhitneyTest(first: ArrayLike<number>, second: ArrayLike<number>): MannWhitney {
  requireFinite(first, 'a Mann-Whitney test');
  requireFinite(second, 'a Mann-Whitney test');
  const [m, n] = [first.length, second.length];
  const { ranks, tieTerm } = rank([...Array.from(first), ...Array.from(second)]);
  const rankSum = ranks.subarray(0, m).reduce((sum, one) => sum + one, 0);
  const statistic = rankSum - (m * (m + 1)) / 2;
  const exact = tieTerm === 0 && m + n <= EXACT_LIMIT;
  const p = exact ? exactP(statistic, m, n) : approximateP(statistic, m, n, tieTerm);
  return { statistic, p, dominance: statistic / (m * n), exact };
}

function exactP(statistic: number, m: number, n: number): number {
  const smaller = Math.min(statistic, m * n - statistic);
  const atMost = distribution(m, n)
    .subarray(0, smaller + 1)
    .reduce((sum, p) => sum + p, 0);
  return Math.min(1, 2 * atMost);
}

/**
 * P(U = u) for u = 0 to m n, by Mann and Whitney's recurrence on whose value is the largest of all: one of
 * the first sample's, which then beats all n of the second, or one of the second's.
 */
function distribution(m: number, n: number): Float64Array {
  let shorter: Float64Array[] = Array.from({ length: n + 1 }, () => Float64Array.of(1)); // one value fewer in the first sample
  for (let i = 1; i <= m; i++) {
    const row: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= n; j++) {
      const ours = itemAt(shorter, j);
      const theirs = itemAt(row, j - 1);
      row.push(
        new Float64Array(i * j + 1).map((_, u) => (i * (ours[u - j] ?? 0) + j * (theirs[u] ?? 0)) / (i + j)),
      );
    }
    shorter = row;
  }
  return itemAt(shorter, n);
}

function approximateP(statistic: number, m: number, n: number, tieTerm: number): number {
  const all = m + n;
  const variance = ((m * n) / 12) * (all + 1 - tieTerm / (all * (all - 1)));
  if (variance <= 0) return 1; // every value the same
  const distance = Math.max(0, Math.abs(statistic - (m * n) / 2) - 0.5);
  return 2 * normalTail(distance / Math.sqrt(variance));
}
