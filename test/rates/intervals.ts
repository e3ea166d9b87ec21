/** How often the interval that is reported holds the truth, and how often a verdict is false, where trials are skewed. */
import { standingOf } from '../../src/compare/stop-rule.ts';
import { judge } from '../../src/compare/verdict.ts';
import { unitsOf, unitValue } from '../../src/statistics/pairs.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { ratioOf } from '../../src/statistics/ratio.ts';
import * as scenarios from '../statistics/scenarios.ts';
import { type Draw, SKEWED_PAIRS, gamma, latency, nothing } from '../statistics/skewed.ts';
import { type Rate, rateOf, times } from './rate.ts';

/** The draws of the bootstrap don't depend on the data, so that all experiments may share them. */
const OPTIONS = { seed: 'coverage', resamples: 2000 };
const MARGIN = 0.03;

const SIX = {
  normal: scenarios.normal,
  'log-normal': scenarios.logNormal,
  bimodal: scenarios.bimodal,
  't, three degrees of freedom': scenarios.heavyTails,
  'block drift': scenarios.blockDrift,
  'autocorrelated samples': scenarios.autocorrelated,
};
/** Blocks that depend on each other: wider bounds. */
const DEPENDENT = ['block drift', 'autocorrelated samples'];

export function intervalRates(experiments: number): Rate[] {
  return [
    ...[10, 20].flatMap((blocks) => skewedCoverage(blocks, experiments)),
    ...[10, 20].flatMap((blocks) => symmetricCoverage(blocks, experiments)),
    ...[5, 6].flatMap((blocks) => falseVerdicts(blocks, experiments)),
    ...adaptiveCoverage(2 * experiments),
  ];
}

/**
 * How many of the intervals that are reported hold the truth where latencies are in one arm, and how many of t on the same
 * draws, as was reported before: of ten blocks and of twenty together, `experiments` of each arm.
 */
export function latencyCoverage(experiments: number): { reported: number; t: number; of: number } {
  const found = { reported: 0, t: 0, of: 0 };
  for (const blocks of [10, 20])
    for (const { name, mode, baseline } of SKEWED_PAIRS.filter(
      ({ latencies, name: pair }) => latencies && !pair.endsWith('both'),
    )) {
      const random = seeded(derive('latencies', name, blocks));
      const [own, other] = [mode(random), baseline(random)];
      for (let i = 0; i < experiments; i++) {
        const { low, high, methods } = ratioOf(differences(own, other, blocks), undefined, OPTIONS);
        found.of++;
        if (low! <= 1 && high! >= 1) found.reported++;
        if (methods.t.low! <= 1 && methods.t.high! >= 1) found.t++;
      }
    }
  return found;
}

function skewedCoverage(blocks: number, experiments: number): Rate[] {
  return SKEWED_PAIRS.map(({ name, mode, baseline, latencies }) => {
    const random = seeded(derive('skewed', name, blocks));
    const held = times(experiments, () => {
      const { low, high } = ratioOf(differences(mode(random), baseline(random), blocks), undefined, OPTIONS);
      return low! <= 1 && high! >= 1;
    });
    const bounds = latencies ? { least: blocks === 10 ? 92 : 93 } : { least: 93, most: 97 };
    return rateOf(`The 95% interval holds the truth, ${blocks} blocks`, name, held, experiments, bounds);
  });
}

function symmetricCoverage(blocks: number, experiments: number): Rate[] {
  return Object.entries(SIX).map(([name, scenario]) => {
    const random = seeded(derive('six', name, blocks));
    const held = times(experiments, () => {
      const logs = Float64Array.from(unitsOf(scenario(random, blocks)), unitValue);
      const { low, high } = ratioOf(logs, undefined, OPTIONS);
      return low! <= scenarios.TRUTH && high! >= scenarios.TRUTH;
    });
    const bounds = DEPENDENT.includes(name) ? { least: 90 } : { least: 93, most: 97 };
    return rateOf(`The 95% interval holds the truth, ${blocks} blocks`, name, held, experiments, bounds);
  });
}

/** Nothing differs, so that slower and faster are false. */
function falseVerdicts(blocks: number, experiments: number): Rate[] {
  return SKEWED_PAIRS.map(({ name, mode, baseline }) => {
    const random = seeded(derive('few', name, blocks));
    const wrong = times(experiments, () => {
      const found = ratioOf(differences(mode(random), baseline(random), blocks), undefined, OPTIONS);
      return ['slower', 'faster'].includes(judge(found, 'lower', MARGIN).verdict);
    });
    return rateOf(`A false verdict at a margin of 3%, ${blocks} blocks`, name, wrong, experiments, {
      most: 3,
    });
  });
}

/** At precisions that take some 15 to 40 blocks where they are not skewed. */
function adaptiveCoverage(experiments: number): Rate[] {
  const most = 120;
  return (
    [
      ['latency in the mode', latency, nothing],
      ['latency in the baseline', nothing, latency],
      ['gamma 0.5 in the mode', gamma, nothing],
    ] as const
  ).flatMap(([name, mode, baseline]) =>
    [0.35, 0.5, 0.8].map((share) => {
      const random = seeded(derive('adaptive', name, share));
      const precision = Math.expm1(share * (name.startsWith('gamma') ? 2.2 : 0.28));
      const held = times(experiments, () => {
        const logs = differences(mode(random), baseline(random), most);
        let n = 1;
        while (n < most && standingOf(logs.subarray(0, n), precision, 0.95) === 'open') n++;
        const { low, high } = ratioOf(logs.subarray(0, n), undefined, OPTIONS);
        return low! <= 1 && high! >= 1;
      });
      return rateOf(
        'The 95% interval holds the truth, stopped on precision',
        `${name}, precision ${(100 * precision).toFixed(0)}%`,
        held,
        experiments,
        { least: 92 },
      );
    }),
  );
}

const differences = (mode: Draw, baseline: Draw, blocks: number) =>
  Float64Array.from({ length: blocks }, () => mode() - baseline());
