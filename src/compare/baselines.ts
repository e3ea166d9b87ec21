import { type Arms, baselineOf } from '../experiment/baseline.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Plan } from '../plan/plan.ts';
import type { Results } from './results.ts';

type Told = Pick<Results, 'baseline' | 'specification'>;

/** An experiment's modes under its plan's baseline, which a report can override. */
export function armsIn({ modes }: Pick<Experiment, 'modes'>, { baseline }: Pick<Plan, 'baseline'>): Arms {
  return { baseline, modes };
}

/** The arms of a run from its results alone, which are all that a gate or a report has. */
export function armsOf({ baseline, specification }: Told): Arms {
  return { baseline, modes: specification.modes };
}

/** The baseline of a compared mode. */
export function baselineIn(mode: string, results: Told): string {
  return baselineOf(mode, armsOf(results)) ?? results.baseline;
}

/** The baseline in a word or two: its name, if all modes have the same. */
export function baselineWord(results: Told): string {
  const [only, ...others] = byBaseline(results).keys();
  return others.length === 0 ? (only ?? results.baseline) : 'the mode’s baseline';
}

/**
 * The same, and if there are several, which mode has which: `the mode’s baseline (native, but other for a,
 * b)`.
 */
export function baselineWords(results: Told): string {
  const found = byBaseline(results);
  if (found.size < 2) return baselineWord(results);
  const own = [...found]
    .filter(([baseline]) => baseline !== results.baseline)
    .map(([baseline, modes]) => `${baseline} for ${modes.join(', ')}`);
  const all = found.has(results.baseline) ? [results.baseline, `but ${own.join('; ')}`] : [own.join('; ')];
  return `${baselineWord(results)} (${all.join(', ')})`;
}

/** Whether a table of comparisons has to name the baseline of each. */
export function hasSeveralBaselines(results: Told): boolean {
  return byBaseline(results).size > 1;
}

/** Modes by their baseline: the experiment's baseline first, if any mode is compared with it. */
function byBaseline(results: Told): Map<string, string[]> {
  const arms = armsOf(results);
  const found = new Map<string, string[]>([[results.baseline, []]]);
  for (const mode of Object.keys(arms.modes)) {
    const baseline = baselineOf(mode, arms);
    if (baseline !== undefined) found.set(baseline, [...(found.get(baseline) ?? []), mode]);
  }
  return new Map([...found].filter(([, modes]) => modes.length > 0));
}
