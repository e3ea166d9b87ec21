/** Modes, and what they are compared with: as an experiment says it, or as the results of its run do. */
export interface Arms {
  /** The experiment's. */
  baseline: string;
  modes: Readonly<Record<string, { readonly baseline?: unknown }>>;
}

/**
 * The mode that this one is a ratio of: the one that it names, else the experiment's baseline. Undefined where it is
 * a baseline itself: the experiment's, or one that another mode names, and names none of its own. A native run on a
 * second GPU is there for the modes on that GPU, and its ratio to the first GPU would say nothing of either.
 */
export function baselineOf(mode: string, { baseline, modes }: Arms): string | undefined {
  const own = modes[mode]?.baseline;
  if (typeof own === 'string') return own;
  const named = Object.values(modes).some((other) => other.baseline === mode);
  return named || mode === baseline ? undefined : baseline;
}
