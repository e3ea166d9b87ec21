/**
 * The figures common to all exports: each cell in its own unit, and each compared one as a share of its
 * baseline.
 */
import { baselineIn } from '../compare/baselines.ts';
import { blockLogsOf } from '../compare/block-logs.ts';
import { sameCell } from '../compare/cell-name.ts';
import type { Cell, Comparison, Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { summarise, tInterval } from '../statistics/interval.ts';
import { oneLine } from '../words/printable.ts';

export interface Figure {
  /** Unique in its run, and readable: `pvdrm/mmul/gflops`, or `pvdrm/mmul/gflops of native`. */
  name: string;
  mode: string;
  workload: string;
  metric: string;
  /** The mode that it is a share of; undefined if the figure is in the metric’s own unit. */
  baseline: string | undefined;
  /** `ratio` for a share. */
  unit: string;
  better: 'higher' | 'lower';
  value: number;
  /** The ends of its interval; null with fewer than two blocks, or boots. */
  low: number | null;
  high: number | null;
  blocks: number;
  samples: number;
}

/** Longer names are truncated: tools have limits of their own, and charts have little space. */
const LONGEST = 80;

/** In the order of the results’ cells: a cell’s own figure, then its share of the baseline if it has one. */
export function figuresOf(results: Results): Figure[] {
  const found = results.cells.flatMap((cell) => {
    const comparison = results.comparisons.find((one) => sameCell(one, cell));
    return [
      rawFigure(cell, results),
      ...(comparison === undefined ? [] : relativeFigure(comparison, results)),
    ];
  });
  const names = distinct(found.map(({ name }) => name));
  return found.map((figure, at) => ({ ...figure, name: names[at] ?? figure.name }));
}

/** Each text unchanged, except that repeated ones get a number appended, by `numbered`. */
export function distinct(
  texts: readonly string[],
  numbered = (text: string, count: number) => `${text} (${count})`,
): string[] {
  const seen = new Set<string>();
  return texts.map((text) => {
    let unique = text;
    for (let count = 2; seen.has(unique); count++) unique = numbered(text, count);
    seen.add(unique);
    return unique;
  });
}

/** The geometric mean over blocks, with the t interval of the blocks’ logs. */
function rawFigure(cell: Cell, { cells, confidence }: Results): Figure {
  const arms = { baseline: cell.mode, modes: {} };
  const { values, blocks } = blockLogsOf(arms, cells, cell);
  const summary = summarise(values);
  const { low, high } = tInterval(summary, confidence);
  // Signs of logs are flipped so that more is better.
  const [least, most] = cell.better === 'higher' ? [low, high] : [high, low];
  const back = (log: number) => Math.exp(cell.better === 'higher' ? log : -log);
  return {
    ...namesOf(cell),
    name: cellName(cell),
    baseline: undefined,
    unit: oneLine(cell.unit, LONGEST),
    better: cell.better,
    value: back(summary.mean),
    low: least === null ? null : back(least),
    high: most === null ? null : back(most),
    blocks,
    samples: cell.trials.reduce((sum, { values: own }) => sum + own.length, 0),
  };
}

function relativeFigure(one: Comparison, results: Results): Figure[] {
  const { ratio, low, high } = performance(one.ratio, one.low, one.high, one.better);
  if (ratio === null) return [];
  const baseline = baselineIn(one.mode, results);
  return [
    {
      ...namesOf(one),
      name: `${cellName(one)} of ${baseline}`,
      ...{ baseline, unit: 'ratio', better: 'higher' },
      ...{ value: ratio, low, high, blocks: one.blocks, samples: one.n },
    },
  ];
}

function namesOf({ mode, workload, metric }: Pick<Cell, 'mode' | 'workload' | 'metric'>) {
  return { mode, workload, metric: oneLine(metric, LONGEST) };
}

function cellName({ mode, workload, metric }: Pick<Cell, 'mode' | 'workload' | 'metric'>): string {
  return [mode, workload, oneLine(metric, LONGEST)].join('/');
}
