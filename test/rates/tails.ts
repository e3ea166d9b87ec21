/** How often the interval of a tail's ratio holds the truth, of as few samples as carry the quantile. */
import { fewestFor } from '../../src/statistics/order-statistics.ts';
import { derive, type Random, seeded } from '../../src/statistics/prng.ts';
import { tailRatios } from '../../src/statistics/tail-ratio.ts';
import { standardNormal } from '../statistics/draws.ts';
import { latency } from '../statistics/skewed.ts';
import { type Rate, rateOf, times } from './rate.ts';

/** The fewest that have a ratio. */
const BLOCKS = 10;
/** What a block does to both of its trials, and to each for itself: standard deviations of logs. */
const SHARED = 0.1;
const OWN = 0.02;

/** Both arms the same latencies, so that the true ratio is 1. */
export function tailRates(experiments: number): Rate[] {
  return [0.95, 0.99, 0.999].map((p) => {
    const each = Math.ceil(fewestFor(p) / BLOCKS);
    const random = seeded(derive('tails', p));
    const held = times(experiments, (i) => {
      const pairs = Array.from({ length: BLOCKS }, () => pairOf(random, each));
      const [found] = tailRatios(pairs, [p], { seed: i });
      return found !== undefined && found.low <= 1 && found.high >= 1;
    });
    return rateOf(
      `The 95% interval of a tail's ratio holds the truth, ${BLOCKS} blocks`,
      `p${100 * p}, ${each} latencies a trial`,
      held,
      experiments,
      { least: 92 },
    );
  });
}

function pairOf(random: Random, samples: number) {
  const shared = SHARED * standardNormal(random);
  const arm = () => {
    const level = shared + OWN * standardNormal(random);
    const draw = latency(random);
    return Array.from({ length: samples }, () => Math.exp(level + draw()));
  };
  return { mode: arm(), baseline: arm() };
}
