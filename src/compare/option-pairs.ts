import { z } from 'zod';
import type { Experiment } from '../experiment/schema.ts';
import { modeKindNamed } from '../mode/kinds.ts';
import { ratio } from '../statistics/ratio.ts';
import { pairsOf } from './block-logs.ts';
import { nameOf } from './cell-name.ts';
import type { CellWithWork } from './cells.ts';
import { crossAlike } from './cross-alike.ts';
import { estimateSchema } from './overhead-schema.ts';
import type { Specification } from './specification.ts';
import { bootstrapSeed, cellSeed, inSuite, meanRatioOf, type PairedCell } from './suites.ts';
import { ticksOf } from './ticks.ts';
import { judge, performance } from './verdict.ts';

const counts = z.record(z.string(), z.number());

export const optionPairSchema = z
  .object({
    option: z.string(),
    from: z.object({ mode: z.string(), value: z.unknown() }),
    to: z.object({ mode: z.string(), value: z.unknown() }),
    overall: estimateSchema
      .nullable()
      .default(null)
      .describe(
        'The geometric mean over all cells in which the option can have an effect. Null without one.',
      ),
    cells: z.array(
      z.object({
        workload: z.string(),
        metric: z.string(),
        ratio: z.number().describe('Relative performance, to ÷ from; above 1 is better.'),
        low: z.number().nullable(),
        high: z.number().nullable(),
        verdict: z.enum(['same', 'faster', 'slower', 'inconclusive']),
        crossings: z.object({ from: counts, to: counts }),
        matters: z
          .boolean()
          .describe('False if the option only acts on crossings, and both modes have the same crossings.'),
      }),
    ),
  })
  .describe('Two modes that differ in one option, compared on each workload’s first metric.');

export type OptionPair = z.output<typeof optionPairSchema>;

/**
 * The effect of an option: all pairs of modes of a kind that differ in it alone, in file order, the later one
 * relative to the first. Ratios are paired by block, like those to a baseline.
 * @param comparable whether two modes may be compared: on one GPU, and on matching machines if the experiment
 * requires it
 */
export function optionPairs(
  experiment: Pick<Experiment, 'modes' | 'design' | 'workloads'>,
  specification: Specification,
  cells: readonly CellWithWork[],
  { seed, comparable }: { seed: number; comparable: (mode: string, other: string) => boolean },
): OptionPair[] {
  const { modes, design } = experiment;
  const names = Object.keys(modes);
  const judged = new Set<string>();
  return names.flatMap((from, place) =>
    names.slice(place + 1).flatMap((to) => {
      const option = onlyDifference(specification.modes[from], specification.modes[to]);
      if (option === undefined || judged.has(to) || !comparable(to, from)) return [];
      const told = cellsOfPair(from, to, option, specification, cells).flatMap((pair) => {
        const { cell } = pair.to;
        const pairs = pairsOf(cell.trials, pair.from.cell.trials);
        if (pairs.length === 0) return [];
        const paired: PairedCell = { cell, pairs, open: ticksOf(cell, pair.from.cell).open };
        const found = ratio(pairs, {
          ...{ seed: bootstrapSeed(seed), confidence: design.confidence },
          ...{ cell: cellSeed(cell), openness: paired.open },
        });
        const { verdict } = judge(found, cell.better, design.margin);
        const ends = performance<number | null>(found.ratio, found.low, found.high, cell.better);
        const own = {
          ...{ workload: cell.workload, metric: cell.metric, verdict, matters: pair.matters },
          ...{ low: ends.low, high: ends.high, ratio: ends.ratio ?? found.ratio },
          crossings: { from: pair.from.crossings, to: pair.to.crossings },
        };
        return [{ own, paired }];
      });
      if (told.length === 0) return [];
      judged.add(to);
      const value = (mode: string) => ({ mode, value: specification.modes[mode]?.[option] });
      const mattering = told.filter(({ own }) => own.matters).map((one) => one.paired);
      const overall = overallOf(inSuite(mattering, experiment), seed, design.confidence);
      return [{ option, from: value(from), to: value(to), overall, cells: told.map(({ own }) => own) }];
    }),
  );
}

function overallOf(cells: readonly PairedCell[], seed: number, confidence: number): OptionPair['overall'] {
  const found = cells.length === 0 ? undefined : meanRatioOf(cells, seed, confidence);
  return found === undefined ? null : { value: found.ratio, low: found.low, high: found.high };
}

/** The cells of both modes, by workload, for its first metric. */
function cellsOfPair(
  from: string,
  to: string,
  option: string,
  { modes }: Specification,
  cells: readonly CellWithWork[],
): { from: CellWithWork; to: CellWithWork; matters: boolean }[] {
  const kind = modeKindNamed(modes[to]?.['use']);
  const byCrossings = kind?.options[option]?.actsByCrossings === true;
  const met = new Set<string>();
  return cells.flatMap((one) => {
    const { cell } = one;
    if (cell.mode !== to || met.has(cell.workload)) return [];
    met.add(cell.workload);
    const other = cells.find(({ cell: beside }) => nameOf(beside) === nameOf({ ...cell, mode: from }));
    if (other === undefined) return [];
    return [{ from: other, to: one, matters: !byCrossings || !crossAlike(one, other) }];
  });
}

/** The only option that affects figures and differs; undefined if there is none, or more than one. */
function onlyDifference(
  a: Readonly<Record<string, unknown>> = {},
  b: Readonly<Record<string, unknown>> = {},
): string | undefined {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const different = keys.filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));
  const [only, ...others] = different;
  return others.length > 0 || only === undefined || NO_OPTIONS.includes(only) ? undefined : only;
}

/**
 * Parts of a mode's specification that are not options: the number of guests is the subject of sharing, and
 * an added delay that of the costs by kind.
 */
const NO_OPTIONS = ['use', 'targets', 'baseline', 'neighbour', 'definition', 'added'];
