import { type Arms, baselineOf } from './baseline.ts';
import type { Experiment } from './schema.ts';

/**
 * Adds the A/A arms that `design.aa` asks for: modes with the baseline's own options under another name. Whatever
 * is found between them and the baseline is an error of the method.
 */
export function withSelfComparison(experiment: Experiment): Experiment {
  const { baseline, modes, design } = experiment;
  const spec = modes[baseline];
  if (spec === undefined) return experiment;
  // What the baseline itself may be a ratio of is no option of its arms: they are compared with it.
  const arms = selfNames(baseline, design.aa).map(
    (name) => [name, { ...spec, baseline: undefined }] as const,
  );
  return { ...experiment, modes: { ...modes, ...Object.fromEntries(arms) } };
}

/** `native-aa`, `native-aa-2`, ... */
export function selfNames(baseline: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? `${baseline}-aa` : `${baseline}-aa-${i + 1}`));
}

/** The modes that are their baseline under another name, on purpose or by their options. */
export function selfModes(arms: Arms): string[] {
  const options = (mode: string) => JSON.stringify({ ...arms.modes[mode], baseline: undefined });
  return Object.keys(arms.modes).filter((mode) => {
    const baseline = baselineOf(mode, arms);
    return baseline !== undefined && options(baseline) === options(mode);
  });
}
