/** Where a machine stays in a state for several blocks, those blocks tell of one draw of that state, and not of several. */
import { holm } from '../statistics/adjust.ts';
import type { Dependence } from '../statistics/dependence.ts';
import { nameOf } from './cell-name.ts';
import type { Judged } from './verdict.ts';
import type { Warning } from './warning.ts';

/** At 5%, 5.8% of single cells of white noise were warned of: p stops being permuted once it is known well enough. */
const LEVEL = 0.04;

/** What is to be said of an interval that counts its blocks as fewer. */
export function dependenceWords({ n, correlation, effective }: Dependence): string {
  return (
    `blocks, or boots, that follow each other are alike (correlation ${correlation.toFixed(2)}): the ${n} are worth ` +
    `${effective.n.toFixed(1)} independent ones, and the interval is that much wider`
  );
}

/**
 * A warning for each comparison whose blocks depend on those before, after Holm over all of them. The intervals count
 * dependent blocks without that correction: to do so where they are independent costs width alone.
 */
export function persistentStates(judged: readonly Judged[]): Warning[] {
  const compared = judged.filter(({ comparison }) => comparison.ratio !== null);
  const adjusted = holm(compared.map(({ dependence }) => dependence?.p ?? 1));
  return compared.flatMap(({ comparison, dependence }, index) => {
    if (dependence === undefined || (adjusted[index] ?? 1) > LEVEL) return [];
    const text =
      `${nameOf(comparison)}: ${dependenceWords(dependence)}. Perhaps the machine changed its state and stayed in it, or one mode ` +
      'alone drifts: look in the chart for where the ratio changed, and for what else did then. More blocks of this run are of little ' +
      'help: run it again at other times';
    return [{ code: 'persistent-state', text }];
  });
}
