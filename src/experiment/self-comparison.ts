import type { Experiment } from './schema.ts';

/**
 * Adds the A/A arms that `design.aa` asks for: modes with the baseline's own options under another name. Whatever
 * is found between them and the baseline is an error of the method.
 */
export function withSelfComparison(experiment: Experiment): Experiment {
  const { baseline, modes, design } = experiment;
  const spec = modes[baseline];
  if (spec === undefined) return experiment;
  const arms = selfNames(baseline, design.aa).map((name) => [name, spec] as const);
  return { ...experiment, modes: { ...modes, ...Object.fromEntries(arms) } };
}

/** `native-aa`, `native-aa-2`, ... */
export function selfNames(baseline: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => (i === 0 ? `${baseline}-aa` : `${baseline}-aa-${i + 1}`));
}

/** The modes that are the baseline under another name, on purpose or by their options. */
export function selfModes({ baseline, modes }: Pick<Experiment, 'baseline' | 'modes'>): string[] {
  const own = JSON.stringify(modes[baseline]);
  return Object.entries(modes).flatMap(([name, spec]) =>
    name !== baseline && JSON.stringify(spec) === own ? [name] : [],
  );
}
