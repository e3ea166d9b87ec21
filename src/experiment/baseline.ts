/** Modes and their baselines, from an experiment or from the results of its run. */
export interface Arms {
  /** The experiment's baseline. */
  baseline: string;
  modes: Readonly<Record<string, { readonly baseline?: unknown }>>;
}

/**
 * The baseline of this mode: the one that it names, else the experiment's. Undefined for a mode that is a
 * baseline itself: the experiment's, or one that another mode names and that names none of its own. A native
 * run on a second GPU is the baseline for the modes on that GPU; its ratio to the first GPU would say nothing
 * about either.
 */
export function baselineOf(mode: string, { baseline, modes }: Arms): string | undefined {
  const own = modes[mode]?.baseline;
  if (typeof own === 'string') return own;
  const named = Object.values(modes).some((other) => other.baseline === mode);
  return named || mode === baseline ? undefined : baseline;
}
