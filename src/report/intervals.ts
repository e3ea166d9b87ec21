/** A comparison's interval by each method, in words. */
import { percentage } from '../chart/spec.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { intervalWords } from '../words/interval.ts';
import { isStudentised } from './wording.ts';

type Ends = NonNullable<Comparison['intervals']>['t'];

/** By name; earlier versions had no studentised bootstrap. */
export function intervalKinds({
  t,
  studentised,
  bootstrap,
  hodgesLehmann,
}: NonNullable<Comparison['intervals']>): [string, Ends][] {
  return [
    ['t of logs', t],
    ...(studentised === undefined ? [] : [['Studentised bootstrap', studentised] as [string, Ends]]),
    ['BCa bootstrap', bootstrap],
    ['Hodges-Lehmann', hodgesLehmann],
  ];
}

/** As relative performance: `33.9% to 34.6%`. */
export function intervalOf(one: Comparison, ends: Ends): string {
  const { low, high } = performance(one.ratio, ends.low, ends.high, one.better);
  return intervalWords(low, high, percentage);
}

export function probability(p: number | null): string {
  if (p === null) return '';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** Which of them the comparison's interval is, and what p means. */
export function intervalsLead(results: Results): string {
  const dependent = results.comparisons.some(({ effectiveBlocks }) => effectiveBlocks !== undefined);
  const ends = !isStudentised(results)
    ? 'is the first of these'
    : `takes the outer ends of the first two${dependent ? ', wider if consecutive blocks are correlated' : ''}`;
  return (
    `The interval of the matrix ${ends}. p: two-sided, for the hypothesis of no difference; also shown with Holm’s correction over all cells. ` +
    'Verdicts do not use p values.'
  );
}
