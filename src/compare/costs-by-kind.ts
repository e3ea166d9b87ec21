import { summarise, tInterval } from '../statistics/interval.ts';
import { conditionIndex, cosine, leastSquares } from '../statistics/least-squares.ts';
import { mean } from '../statistics/moments.ts';
import { notWithin } from '../statistics/ratio.ts';
import { worstShifts } from '../statistics/worst-shift.ts';
import { isPages } from './cross-alike.ts';
import type { CostsByKind } from './overhead-schema.ts';

/** One workload in one mode: how often each kind of crossing occurs per run, and the time of a run. */
export interface CountedWork {
  /** Of a run, by kind: crossings, and pages that were mapped and unmapped. */
  counts: Readonly<Record<string, number>>;
  /** Of a run, in ns: its time in the baseline. */
  workNs: number;
  /** Time ÷ baseline’s, in each block or boot, the same ones for all workloads. */
  times: readonly number[];
  /** How far off the logs of those may all be because figures come in steps. */
  open: number;
}

/**
 * Kinds that are a smaller share of all crossings than this in every workload are too rare to estimate a
 * cost.
 */
const RARE = 0.01;

/** Columns whose condition index is at most this are separable (Belsley, Kuh & Welsch, 1980, section 3.2). */
const MOST_CONDITION = 30;

/**
 * The cost of each kind of crossing, and of each page that is mapped or unmapped: time ÷ baseline = limit + Σ
 * cost × count ÷ work, by relative least squares in each block, then the mean of the blocks' costs with its t
 * interval. Kinds that are proportional in all workloads form one group, whose cost is the mean over its
 * crossings; the most similar kinds are merged until there are fewer groups than workloads and Belsley's
 * condition index is at most 30. Null if nothing crosses, or if not even one cost can be separated from the
 * limit.
 */
export function costsByKind(works: readonly CountedWork[], confidence: number): CostsByKind | null {
  const kinds = [...new Set(works.flatMap(({ counts }) => Object.keys(counts)))];
  const rare = kinds.filter((kind) => works.every((work) => shareOf(kind, work) < RARE));
  const n = Math.min(...works.map(({ times }) => times.length));
  if (n < 1) return null;
  const groups = groupsOf(
    kinds.filter((kind) => !rare.includes(kind)),
    works,
  );
  if (groups.length === 0 || groups.length >= works.length || !areApart(groups, works)) return null;
  const fit = (times: ArrayLike<number>) => {
    const columns = [relative(() => 1), ...groups.map((group) => relative((work) => perNs(group, work)))];
    return leastSquares(
      columns.map((column) => column(works, times)),
      works.map(() => 1),
    );
  };
  const fits = Array.from({ length: n }, (_, unit) => fit(works.map((work) => work.times[unit] as number)));
  const open = worstShifts(
    fit,
    Float64Array.from(typicalTimes(works)),
    Float64Array.from(works, (work) => work.open),
  );
  const estimate = (index: number) => {
    const values = fits.map((fit) => fit[index] as number);
    const value = mean(values);
    return { value, ...notWithin(tInterval(summarise(values), confidence), value, open[index] ?? 0) };
  };
  const costs = groups.map((group, index) => ({ kinds: group, costNs: estimate(index + 1) }));
  return { limit: estimate(0), costs, rare, n };
}

/**
 * The kinds that this run can separate, each with those that are inseparable from it; most frequent first.
 */
function groupsOf(kinds: readonly string[], works: readonly CountedWork[]): string[][] {
  let groups = kinds.map((kind) => [kind]);
  while (groups.length > 1 && (groups.length >= works.length || !areApart(groups, works))) {
    const [a, b] = mostAlike(typicalColumns(groups, works));
    const joined = [...(groups[a] as string[]), ...(groups[b] as string[])];
    groups = [...groups.filter((_, index) => index !== a && index !== b), joined];
  }
  const often = (group: readonly string[]) =>
    works.reduce((sum, work) => sum + work.workNs * perNs(group, work), 0);
  return groups.toSorted((a, b) => often(b) - often(a));
}

function areApart(groups: readonly (readonly string[])[], works: readonly CountedWork[]): boolean {
  const limit = relative(() => 1)(works, typicalTimes(works));
  return conditionIndex([limit, ...typicalColumns(groups, works)]) <= MOST_CONDITION;
}

/** The columns of the fit over all blocks at once. */
function typicalColumns(
  groups: readonly (readonly string[])[],
  works: readonly CountedWork[],
): Float64Array[] {
  return groups.map((group) => relative((work) => perNs(group, work))(works, typicalTimes(works)));
}

function typicalTimes(works: readonly CountedWork[]): number[] {
  return works.map(({ times }) => mean(times));
}

/** The positions of the two columns with the smallest angle between them. */
function mostAlike(columns: readonly Float64Array[]): [number, number] {
  let best: [number, number] = [0, 1];
  let most = -Infinity;
  for (const [a, one] of columns.entries())
    for (const [b, other] of columns.entries())
      if (a < b && cosine(one, other) > most) [most, best] = [cosine(one, other), [a, b]];
  return best;
}

/** A column of counts divided by the work's time, so that relative errors are minimised. */
function relative(of: (work: CountedWork) => number) {
  return (works: readonly CountedWork[], times: ArrayLike<number>): Float64Array =>
    Float64Array.from(works, (work, index) => of(work) / (times[index] as number));
}

function perNs(group: readonly string[], { counts, workNs }: CountedWork): number {
  return group.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0) / workNs;
}

/** Out of all crossings, or out of all pages: pages are not crossings, and each crossing may have many. */
function shareOf(kind: string, { counts }: CountedWork): number {
  const total = Object.entries(counts).reduce(
    (sum, [other, count]) => sum + (isPages(other) === isPages(kind) ? count : 0),
    0,
  );
  return total === 0 ? 0 : (counts[kind] ?? 0) / total;
}
