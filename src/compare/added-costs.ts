import type { Experiment } from '../experiment/schema.ts';
import { modeKindOf } from '../mode/kinds.ts';
import type { Warning } from './warning.ts';

/** Modes that were configured to be slower than they are. */
export function addedCosts({ modes }: Pick<Experiment, 'modes'>): Warning[] {
  return Object.entries(modes).flatMap(([name, spec]) => {
    const added = modeKindOf(spec).adds?.(spec);
    if (added === undefined) return [];
    const text = `${name}: ${added} were added to its own cost, as the experiment asks, so its figures do not describe its mechanism. To measure the mechanism, remove its key added`;
    return [{ code: 'costs-added', text }];
  });
}
