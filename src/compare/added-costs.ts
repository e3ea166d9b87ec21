import type { Experiment } from '../experiment/schema.ts';
import { modeKindOf } from '../mode/kinds.ts';
import type { Warning } from './warning.ts';

/** Modes that were told to be dearer than they are. */
export function addedCosts({ modes }: Pick<Experiment, 'modes'>): Warning[] {
  return Object.entries(modes).flatMap(([name, spec]) => {
    const added = modeKindOf(spec).adds?.(spec);
    if (added === undefined) return [];
    const text = `${name}: ${added} were added to what it costs by itself, as the experiment asks: its figures are not those of its mechanism. Leave out its key added for them`;
    return [{ code: 'costs-added', text }];
  });
}
