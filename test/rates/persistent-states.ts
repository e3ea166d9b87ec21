/** What is told of a mode that stays in a state for many blocks, and what of one that doesn't. */
import { persistentStates } from '../../src/compare/persistent-states.ts';
import { judge, verdictOf } from '../../src/compare/verdict.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { type Ratio, ratioOf } from '../../src/statistics/ratio.ts';
import { draws, standardNormal } from '../statistics/draws.ts';
import { autoregressive, twoStates } from '../statistics/series.ts';
import { type Rate, rateOf, times } from './rate.ts';

const BLOCKS = 20;
const MARGIN = 0.03;
const CELLS = 20;
const OPTIONS = { seed: 'persistent states', resamples: 1000 };
const HEADING = `States that last, ${BLOCKS} blocks`;

const [template] = simulatedRun({ design: '{ blocks: 2 }' }).results.comparisons;
const warned = (cells: readonly Ratio[]) =>
  persistentStates(
    cells.map(({ ratio, dependence }) => ({
      comparison: { ...template!, ratio },
      drag: undefined,
      dependence,
    })),
  ).length > 0;
const isFalse = (verdict: string) => verdict === 'slower' || verdict === 'faster';

/**
 * A mode as fast as its baseline, but for times in which it takes 15% longer, for ten blocks in the mean. A verdict is
 * false where it takes what such times cost for the mode's own.
 */
export function persistentRates(runs: number): Rate[] {
  const found = Array.from({ length: runs }, (_, i) => {
    const { values, switched } = twoStates(BLOCKS, derive('states', i));
    return { switched, result: ratioOf(values, undefined, { ...OPTIONS, seed: i }) };
  }).filter(({ switched }) => switched);
  const verdict = ({ result }: (typeof found)[number]) => judge(result, 'lower', MARGIN).verdict;
  const misled = found.filter(({ result: { methods } }) =>
    isFalse(verdictOf(methods.t.low, methods.t.high, 'lower', MARGIN)),
  );
  const seen = misled.filter(({ result }) => warned([result])).length;
  const wrong = found.filter((one) => isFalse(verdict(one))).length;
  const white = (cells: number) =>
    times(runs, (i) => {
      const random = seeded(derive('white', cells, i));
      return warned(
        Array.from({ length: cells }, () =>
          ratioOf(
            draws(BLOCKS, () => 0.02 * standardNormal(random)),
            undefined,
            { seed: i, resamples: 2 },
          ),
        ),
      );
    });
  const covered = times(runs, (i) => {
    const { low, high } = ratioOf(autoregressive(BLOCKS, 0.8, derive('held', i)), undefined, {
      ...OPTIONS,
      seed: i,
    });
    return low! <= 1 && high! >= 1;
  });
  const share = (100 * misled.length) / found.length;
  return [
    rateOf(HEADING, 'the state changed: a false verdict', wrong, found.length, { most: 5 }),
    rateOf(
      HEADING,
      `the state changed, and t of independent blocks has a false verdict (${share.toFixed(0)}%): a warning`,
      seen,
      misled.length,
      { least: 80 },
    ),
    rateOf(HEADING, 'white noise: a warning', white(1), runs, { most: 5 }),
    rateOf(HEADING, `white noise in each of ${CELLS} cells: a warning`, white(CELLS), runs, { most: 5 }),
    rateOf(HEADING, 'correlation of 0.8 between blocks: the interval holds the truth', covered, runs, {
      least: 85,
    }),
  ];
}
