/**
 * If a machine stays in one state for several blocks, those blocks are one observation of that state, not
 * several.
 */
import { holm } from '../statistics/adjust.ts';
import type { Dependence } from '../statistics/dependence.ts';
import { nameOf } from './cell-name.ts';
import type { Judged } from './verdict.ts';
import type { Warning } from './warning.ts';

/**
 * At 5%, there were warnings for 5.8% of single cells of white noise: p stops being permuted once it is known
 * well enough.
 */
const LEVEL = 0.04;

/** The explanation for an interval that counts its blocks as fewer. */
export function dependenceWords({ n, correlation, effective }: Dependence): string {
  return (
    `consecutive blocks, or boots, are correlated (${correlation.toFixed(2)}): the ${n} are worth ` +
    `${effective.n.toFixed(1)} independent ones, which widens the interval`
  );
}

/**
 * A warning for each comparison whose blocks depend on earlier ones, with Holm's correction over all
 * comparisons. Intervals account for dependence without that correction: doing so for independent blocks
 * costs only width.
 */
export function persistentStates(judged: readonly Judged[]): Warning[] {
  const compared = judged.filter(({ comparison }) => comparison.ratio !== null);
  const adjusted = holm(compared.map(({ dependence }) => dependence?.p ?? 1));
  return compared.flatMap(({ comparison, dependence }, index) => {
    if (dependence === undefined || (adjusted[index] ?? 1) > LEVEL) return [];
    const text =
      `${nameOf(comparison)}: ${dependenceWords(dependence)}. Perhaps the machine changed state and stayed there, or one mode ` +
      'drifts: see in the chart when the ratio changed, and what else changed then. More blocks in this run are of little ' +
      'help; run it again at other times';
    return [{ code: 'persistent-state', text }];
  });
}
