import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { Results } from './results.ts';

type Told = Pick<Results, 'baseline' | 'specification'>;

/** The arms of a run by its results alone, which are all that a gate or a report has. */
export function armsOf({ baseline, specification }: Told): Arms {
  return { baseline, modes: specification.modes };
}

/** Modes by the one that they are a ratio of: the experiment's baseline first, where any mode is compared with it. */
export function armsByBaseline(results: Told): Map<string, string[]> {
  const arms = armsOf(results);
  const found = new Map<string, string[]>([[results.baseline, []]]);
  for (const mode of Object.keys(arms.modes)) {
    const baseline = baselineOf(mode, arms);
    if (baseline !== undefined) found.set(baseline, [...(found.get(baseline) ?? []), mode]);
  }
  return new Map([...found].filter(([, modes]) => modes.length > 0));
}
