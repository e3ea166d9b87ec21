import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Plan } from '../plan/plan.ts';
import type { Results } from './results.ts';

type Told = Pick<Results, 'baseline' | 'specification'>;

/** An experiment's modes under its plan's baseline, which a report can choose anew. */
export function armsIn({ modes }: Pick<Experiment, 'modes'>, { baseline }: Pick<Plan, 'baseline'>): Arms {
  return { baseline, modes };
}

/** The arms of a run by its results alone, which are all that a gate or a report has. */
export function armsOf({ baseline, specification }: Told): Arms {
  return { baseline, modes: specification.modes };
}

/** What a compared mode of a run is a ratio of. */
export function baselineIn(mode: string, results: Told): string {
  return baselineOf(mode, armsOf(results)) ?? results.baseline;
}

/** What the modes are a ratio of, in a word or two: the baseline's name, where all have the same. */
export function baselineWord(results: Told): string {
  const [only, ...others] = byBaseline(results).keys();
  return others.length === 0 ? (only ?? results.baseline) : 'the mode’s baseline';
}

/** The same, and of several which mode has which: `the mode’s baseline (native, but other for a, b)`. */
export function baselineWords(results: Told): string {
  const found = byBaseline(results);
  if (found.size < 2) return baselineWord(results);
  const own = [...found]
    .filter(([baseline]) => baseline !== results.baseline)
    .map(([baseline, modes]) => `${baseline} for ${modes.join(', ')}`);
  const all = found.has(results.baseline) ? [results.baseline, `but ${own.join('; ')}`] : [own.join('; ')];
  return `${baselineWord(results)} (${all.join(', ')})`;
}

/** Whether a table of comparisons has to say of each what it is a ratio of. */
export function hasSeveralBaselines(results: Told): boolean {
  return byBaseline(results).size > 1;
}

/** Modes by the one that they are a ratio of: the experiment's baseline first, where any mode is compared with it. */
function byBaseline(results: Told): Map<string, string[]> {
  const arms = armsOf(results);
  const found = new Map<string, string[]>([[results.baseline, []]]);
  for (const mode of Object.keys(arms.modes)) {
    const baseline = baselineOf(mode, arms);
    if (baseline !== undefined) found.set(baseline, [...(found.get(baseline) ?? []), mode]);
  }
  return new Map([...found].filter(([, modes]) => modes.length > 0));
}
