import { draggedMean } from '../statistics/disagreement.ts';
import { type Ratio, decisiveConfidence } from '../statistics/ratio.ts';
import type { Comparison } from './results.ts';

/** What an interval of a ratio says about a margin. */
export type Verdict = Comparison['verdict'];

/**
 * The interval compared with the margin, in the metric's direction: same if inside it, faster or slower if
 * wholly outside, inconclusive if across its edge. No p-value decides. The margin is symmetric in logs: 3%
 * allows ratios from 1/1.03 to 1.03. Source: equivalence by confidence interval, Schuirmann, J.
 * Pharmacokinet. Biopharm. 15, 1987.
 */
export function verdictOf(
  low: number | null,
  high: number | null,
  better: 'higher' | 'lower',
  margin: number,
): Verdict {
  if (low === null || high === null) return 'inconclusive';
  const top = 1 + margin;
  if (low >= 1 / top && high <= top) return 'same';
  if (low > top) return better === 'higher' ? 'faster' : 'slower';
  if (high < 1 / top) return better === 'higher' ? 'slower' : 'faster';
  return 'inconclusive';
}

/** A comparison with reasons to doubt it: the note in words, the rest as facts for warnings. */
export interface Judged {
  readonly comparison: Comparison;
  /** What drags its mean, if anything does. */
  readonly drag: string | undefined;
  /** How its blocks depend on earlier ones, if they do. */
  readonly dependence: Ratio['dependence'];
}

/**
 * The verdict on a comparison, and what drags its mean, if that matters. If a few blocks drag it, a rare
 * state of the machine may be the cause, which no interval of few blocks covers. The true mean then lies
 * somewhere in the range of the block values, depending on how often the state occurs: if that range as a
 * whole has another verdict than the interval, the verdict is inconclusive, however clear the interval looks.
 * If it has the same verdict, how often does not matter. A state that occurred in none of the blocks can't be
 * known (test/compare/rare-state.test.ts measures both). The interval used is the ratio's decisive one, which
 * below ten blocks is wider than the one printed; `caution` says what that changes.
 */
export function judge(
  found: Ratio | undefined,
  better: 'higher' | 'lower',
  margin: number,
): { verdict: Verdict; drag: Judged['drag']; caution?: string } {
  if (found === undefined) return { verdict: 'inconclusive', drag: undefined };
  const { decisive } = found;
  const verdict = verdictOf(decisive.low, decisive.high, better, margin);
  const drag = draggedMean(found.methods);
  if (drag === undefined || standsOver(found.range, verdict, better, margin))
    return { verdict, drag: undefined, ...cautionOf(found, verdict, better, margin) };
  return { verdict: 'inconclusive', drag };
}

/**
 * The confidence that a comparison's verdict required, which is more than its interval's if there are few
 * blocks, or boots.
 */
export function verdictConfidence({
  confidence,
  blocks,
  boots,
}: Pick<Comparison, 'confidence' | 'blocks' | 'boots'>): number {
  return decisiveConfidence(confidence, boots !== null && boots > 1 ? boots : blocks);
}

/** The explanation if the interval is clear, but there are too few blocks for a verdict. */
function cautionOf(
  { low, high, confidence, decisive, n }: Ratio,
  verdict: Verdict,
  better: 'higher' | 'lower',
  margin: number,
): { caution?: string } {
  const alone = verdictOf(low, high, better, margin);
  if (alone === verdict) return {};
  const percent = (share: number) => `${Number((100 * share).toPrecision(6))}%`;
  const ends = [decisive.low, decisive.high].map((end) => (end ?? NaN).toPrecision(4)).join(', ');
  return {
    caution:
      `${alone} at ${percent(confidence)}, but ${n} blocks, or boots, don’t show their skewness, so a verdict requires ` +
      `${percent(decisive.confidence)}: [${ends}]`,
  };
}

/** Whether a verdict other than inconclusive holds wherever in a range the truth lies. */
export function standsOver(
  { low, high }: { low: number; high: number },
  verdict: Verdict,
  better: 'higher' | 'lower',
  margin: number,
): boolean {
  return verdict !== 'inconclusive' && verdictOf(low, high, better, margin) === verdict;
}

/**
 * A ratio as relative performance, where above 1 is always better: the ratio itself if higher is better, else
 * its inverse with swapped ends.
 */
export function performance<T extends number | null>(
  ratio: T,
  low: T,
  high: T,
  better: 'higher' | 'lower',
): { ratio: T; low: T; high: T } {
  if (better === 'higher') return { ratio, low, high };
  const inverse = (value: T) => (value === null ? value : 1 / value) as T;
  return { ratio: inverse(ratio), low: inverse(high), high: inverse(low) };
}
