/** Costs, in ms, and variances of the levels of repetition, as a pilot met them. */
export interface Levels {
  /** What a trial costs before its samples: warm-up, set-up. */
  trialMs: number;
  sampleMs: number;
  /** Between blocks, without what the samples add to it. */
  blockVariance: number;
  sampleVariance: number;
}

/**
 * How many samples a trial should have for the tightest interval in a given time: r = sqrt((c2 / c1)(T1² / T2²)),
 * rounded up (Kalibera & Jones, "Rigorous benchmarking in reasonable time", ISMM 2013). More where trials are
 * dear, fewer where it is the trials that differ. Null where blocks don't differ beyond what their samples
 * explain, and any number serves; at least 1.
 */
export function samplesPerTrial({ trialMs, sampleMs, blockVariance, sampleVariance }: Levels): number | null {
  if (sampleVariance === 0) return 1;
  if (blockVariance <= 0 || sampleMs <= 0) return null;
  return Math.max(1, Math.ceil(Math.sqrt((trialMs / sampleMs) * (sampleVariance / blockVariance))));
}
