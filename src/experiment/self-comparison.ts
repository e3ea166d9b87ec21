import { type Arms, baselineOf } from './baseline.ts';
import type { Experiment } from './schema.ts';

/**
 * Adds the A/A arms that `design.aa` asks for: modes with the baseline's own options under another name. Any
 * difference from the baseline is an error of the method.
 */
export function withSelfComparison(experiment: Experiment): Experiment {
  const { baseline, modes, design } = experiment;
  const spec = modes[baseline];
  if (spec === undefined) return experiment;
  // The baseline's own `baseline` is not copied: the arms are compared with it.
  const arms = selfNames(baseline, design.aa).map(
    (name) => [name, { ...spec, baseline: undefined }] as const,
  );
  return { ...experiment, modes: { ...modes, ...Object.fromEntries(arms) } };
}

/** `native-aa`, `native-aa-2`, ... */
export function selfNames(baseline: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? `${baseline}-aa` : `${baseline}-aa-${i + 1}`));
}

/** The modes that are their baseline under another name, on purpose or because their options are the same. */
export function selfModes(arms: Arms): string[] {
  const options = (mode: string) => JSON.stringify({ ...arms.modes[mode], baseline: undefined });
  return Object.keys(arms.modes).filter((mode) => {
    const baseline = baselineOf(mode, arms);
    return baseline !== undefined && options(baseline) === options(mode);
  });
}
