/** Time and memory for the whole analysis of 1,000,000 samples, with 10,000 resamples. */
import { holm } from '../../src/statistics/adjust.ts';
import { effectiveSampleSize } from '../../src/statistics/autocorrelation.ts';
import { changePoints } from '../../src/statistics/change-points.ts';
import { tTest } from '../../src/statistics/interval.ts';
import { normalQuantile } from '../../src/statistics/normal.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { median, medianAbsoluteDeviation } from '../../src/statistics/quantile.ts';
import { ratio } from '../../src/statistics/ratio.ts';
import { suiteRatio, type SuiteCell } from '../../src/statistics/suite.ts';

const SAMPLES = 1_000_000;
const BLOCKS = 10;

export interface StatisticsTiming {
  /** The numbers of cells over which the million samples are spread. */
  readonly cells: number;
  readonly durationMs: number;
  /** The most memory the process has used so far. */
  readonly peakBytes: number;
}

/**
 * Times ratios with all three intervals, the suite's mean, adjusted p values, change points over blocks, and
 * each trial's median, MAD and effective sample size, but not the creation of the samples.
 */
function timeStatistics(cells: number): StatisticsTiming {
  const suite = makeSuite(cells);
  const start = performance.now();
  analyse(suite);
  const durationMs = performance.now() - start;
  return { cells, durationMs, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

function makeSuite(cells: number): SuiteCell[] {
  const perTrial = Math.round(SAMPLES / (cells * BLOCKS * 2));
  return Array.from({ length: cells }, (_, cell) => {
    const random = seeded(derive('bench', cells, cell));
    const normal = () => normalQuantile((random.uint32() + 0.5) / 2 ** 32);
    const trial = () => {
      const level = 0.02 * normal();
      return Float64Array.from({ length: perTrial }, () => 100 * Math.exp(level + 0.05 * normal()));
    };
    const pairs = Array.from({ length: BLOCKS }, (_, block) => ({ block, mode: trial(), baseline: trial() }));
    return { name: `cell ${cell}`, pairs };
  });
}

function analyse(suite: readonly SuiteCell[]): void {
  const results = suite.map(({ name, pairs }) => {
    const trials = pairs.flatMap(({ mode, baseline }) => [mode, baseline] as Float64Array[]);
    const medians = trials.map(median);
    trials.forEach(medianAbsoluteDeviation);
    trials.forEach(effectiveSampleSize);
    changePoints(medians, { seed: 1 });
    return ratio(pairs, { seed: 1, cell: name });
  });
  holm(results.map(({ logs }) => tTest(logs)));
  suiteRatio(suite, { seed: 1 });
}

export function benchStatistics(): void {
  for (const cells of [1, 20, 500]) {
    const { durationMs, peakBytes } = timeStatistics(cells);
    const figures = `${(durationMs / 1000).toFixed(2)} s, peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB`;
    process.stdout.write(`${SAMPLES} samples in ${cells} cells, 10000 resamples: ${figures}\n`);
  }
}
