/** Costs, in ms, and variances of the levels of repetition, from a pilot. */
export interface Levels {
  /** The cost of a trial before its samples: warm-up, set-up. */
  trialMs: number;
  sampleMs: number;
  /** Between blocks, without the contribution of the samples. */
  blockVariance: number;
  sampleVariance: number;
}

/**
 * The number of samples per trial for the narrowest interval in a given time: r = sqrt((c2 / c1)(T1² / T2²)),
 * rounded up (Kalibera & Jones, "Rigorous benchmarking in reasonable time", ISMM 2013). More if trials are
 * expensive, fewer if trials differ. Null if blocks don't differ beyond what their samples explain, so that
 * any number serves; at least 1.
 */
export function samplesPerTrial({ trialMs, sampleMs, blockVariance, sampleVariance }: Levels): number | null {
  if (sampleVariance === 0) return 1;
  if (blockVariance <= 0 || sampleMs <= 0) return null;
  return Math.max(1, Math.ceil(Math.sqrt((trialMs / sampleMs) * (sampleVariance / blockVariance))));
}
