/** How often a step is told for what it is, and how often noise is told for one. */
import type { Cell } from '../../src/compare/results.ts';
import { steadinessWarnings } from '../../src/compare/steadiness.ts';
import { cellOf } from '../compare/cell-of.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { stepsOf } from '../../src/statistics/steps.ts';
import { standardNormal } from '../statistics/draws.ts';
import { autoregressive } from '../statistics/series.ts';
import { type Rate, rateOf, times } from './rate.ts';

const BLOCKS = 30;
const SD = 0.02;
const HEADING = `Steps and drifts, ${BLOCKS} blocks`;

/** A cell of normal noise about a level for each block, from 1 on. */
function noisyCell(seed: string, level: (block: number) => number, workload = 'work'): Cell {
  const random = seeded(seed);
  const logs = Array.from({ length: BLOCKS }, (_, i) => level(i + 1) + SD * standardNormal(random));
  return cellOf(logs, workload);
}

export function steadinessRates(runs: number): Rate[] {
  /** From the sixth block to the sixth before the last. */
  const placeOf = (i: number) => 6 + (i % (BLOCKS - 10));
  const cells = Array.from({ length: runs }, (_, i) =>
    noisyCell(derive('step', i), (block) => (block < placeOf(i) ? 0 : 4 * SD)),
  );
  const stepped = cells.map((cell, i) => steadinessWarnings([cell], i));
  const likeliest = times(runs, (i) => {
    const logs = (cells[i]?.trials ?? []).map(({ values: [value = NaN] }) => Math.log(value));
    return stepsOf(logs, [BLOCKS / 2]).indices[0] === placeOf(i) - 1;
  });
  const named = (off: number) =>
    times(runs, (i) => {
      const [one, ...others] = stepped[i] ?? [];
      const block = Number(/ at block (\d+) /.exec(one?.text ?? '')?.[1]);
      return others.length === 0 && one?.code === 'step' && Math.abs(block - placeOf(i)) <= off;
    });
  const drifts = [2, 4, 8].map((total) => {
    const called = times(runs, (i) =>
      steadinessWarnings(
        [noisyCell(derive('drift', total, i), (block) => (total * SD * block) / BLOCKS)],
        i,
      ).some(({ code }) => code === 'step'),
    );
    return rateOf(HEADING, `a drift of ${total} sd over the run, told as a step`, called, runs, { most: 5 });
  });
  const white = times(runs, (i) => {
    const cells = Array.from({ length: 20 }, (_, cell) =>
      noisyCell(derive('white', i, cell), () => 0, `w${cell}`),
    );
    return steadinessWarnings(cells, i).length > 0;
  });
  const wandering = times(runs, (i) =>
    steadinessWarnings(
      [cellOf(autoregressive(BLOCKS, 0.8, derive('wandering', i)).map((value) => SD * value))],
      i,
    ).some(({ code }) => code === 'step'),
  );
  return [
    rateOf(HEADING, 'a step of 4 sd, told with its block', named(0), runs, { least: 93 }),
    // More than this can't be promised, and 95% is more.
    rateOf(
      HEADING,
      'a step of 4 sd, where it is known that there is one: its likeliest block',
      likeliest,
      runs,
    ),
    rateOf(HEADING, 'a step of 4 sd, told with its block or the one beside it', named(1), runs, {
      least: 95,
    }),
    ...drifts,
    rateOf(HEADING, 'a correlation of 0.8 between blocks, told as a step', wandering, runs, { most: 30 }),
    rateOf(HEADING, 'a run of 20 cells of white noise, warned of', white, runs, { most: 5 }),
  ];
}
