/** How often a trend names a change that is none, and how often it finds one that is. */
import { checkOf } from '../../src/trend/check.ts';
import { type TrendCell, trendOf } from '../../src/trend/trend.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { mean } from '../../src/statistics/moments.ts';
import { standardNormal } from '../statistics/draws.ts';
import { wanderingBlocks } from '../statistics/series.ts';
import { digestOf, simulatedHistory } from '../trend/simulated-history.ts';
import { type Rate, rateOf, times } from './rate.ts';

const RUNS = 60;
const CELLS = 40;
/** Between runs, of a cell’s log. */
const SD = 0.01;
const HEADING = `Trends of ${RUNS} commits and ${CELLS} cells, sd ${100 * SD}% between runs`;
/** From the sixth commit to the sixth before the last. */
const placeOf = (i: number, cell: number) => 6 + ((7 * i + 16 * cell) % (RUNS - 12));

function cellsOf(seed: string, level: (run: number, cell: number) => number, changedAt = RUNS): TrendCell[] {
  const random = seeded(seed);
  const lines = simulatedHistory({
    runs: RUNS,
    cells: CELLS,
    mean: (run, cell) => level(run, cell) + SD * standardNormal(random),
    environment: (run) => ({ environment: { guest: digestOf(run < changedAt ? 0 : 1) }, facts: {} }),
  });
  return trendOf(lines, { seed }).groups[0]?.cells ?? [];
}

export function trendRates(histories: number): Rate[] {
  const all = (
    what: string,
    level: (i: number) => (run: number, cell: number) => number,
    changedAt?: number,
  ) => Array.from({ length: histories }, (_, i) => cellsOf(derive(what, i), level(i), changedAt));
  const raised = (cells: readonly TrendCell[]) => cells.some(({ changes }) => changes.length > 0);

  const nothing = all('nothing', () => () => 0);
  const stepped = all('steps', (i) => (run, cell) => (cell < 3 && run >= placeOf(i, cell) ? -3 * SD : 0));
  const found = stepped.map((cells, i) =>
    [0, 1, 2].filter((cell) => {
      const [one, ...others] = cells[cell]?.changes ?? [];
      return one?.kind === 'step' && others.length === 0 && Math.abs(one.to - placeOf(i, cell)) <= 2;
    }),
  );
  const beside = stepped.filter((cells) => raised(cells.slice(3)));
  const drifting = all('drift', () => (run, cell) => (cell < 3 ? (-6 * SD * run) / RUNS : 0));
  const kinds = drifting.flatMap((cells) =>
    cells.slice(0, 3).map(({ changes }) => changes.map(({ kind }) => kind)),
  );
  const cut = all('driver', () => (run) => (run >= RUNS / 2 ? -0.2 : 0), RUNS / 2);
  return [
    rateOf(HEADING, 'nothing changed: any step or drift', nothing.filter(raised).length, histories, {
      most: 5,
    }),
    rateOf(
      HEADING,
      'a step of 3 sd in each of 3 cells: named as one, within two commits',
      found.flat().length,
      3 * histories,
      { least: 90 },
    ),
    rateOf(HEADING, 'the same: a step or drift in another cell', beside.length, histories, { most: 5 }),
    rateOf(
      HEADING,
      'a drift of 6 sd over the history in each of 3 cells: named as one',
      kinds.filter(([kind]) => kind === 'drift').length,
      3 * histories,
      { least: 90 },
    ),
    rateOf(
      HEADING,
      'the same: named as a step',
      kinds.filter((one) => one.includes('step')).length,
      3 * histories,
      { most: 5 },
    ),
    rateOf(
      HEADING,
      'everything is 18% slower from commit 30 on, with another driver: any step or drift',
      cut.filter(raised).length,
      histories,
      { most: 5 },
    ),
  ];
}

const CAMPAIGN = { cells: 20, earlier: 5, blocks: 10, margin: 0.03 };
const wandering = (random: ReturnType<typeof seeded>) => mean(wanderingBlocks(CAMPAIGN.blocks, random));

/** A mode’s cells share the state of their baseline, as they do on one machine, and have each a state of their own. */
export function checkRates(campaigns: number): Rate[] {
  const heading = `The newest run of ${CAMPAIGN.cells} cells against ${CAMPAIGN.earlier} before it, on a machine that wanders`;
  const linesOf = (seed: string, shift: number) => {
    const random = seeded(seed);
    const baselines = Array.from({ length: CAMPAIGN.earlier + 1 }, () => wandering(random));
    return simulatedHistory({
      runs: CAMPAIGN.earlier + 1,
      cells: CAMPAIGN.cells,
      margin: CAMPAIGN.margin,
      mean: (run, cell) =>
        (baselines[run] ?? 0) - wandering(random) - (run === CAMPAIGN.earlier && cell === 0 ? shift : 0),
    });
  };
  const check = (i: number, shift = 0) => checkOf(linesOf(derive('campaign', i), shift));
  const found = times(campaigns, (i) => {
    const detects = check(i).cells[0]?.detects ?? NaN;
    return check(i, Math.log1p(detects)).cells[0]?.verdict === 'slower';
  });
  return [
    rateOf(
      heading,
      'nothing changed: a cell is slower',
      times(campaigns, (i) => check(i).outcome === 'slower'),
      campaigns,
      {
        most: 5,
      },
    ),
    rateOf(
      heading,
      'one cell is slower by the smallest change that it says it can see: found',
      found,
      campaigns,
      {
        least: 80,
      },
    ),
  ];
}
