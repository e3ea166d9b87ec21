import { bootstrapDifference } from '../statistics/bootstrap-difference.ts';
import { draggedMean } from '../statistics/disagreement.ts';
import { shiftOf } from '../statistics/hodges-lehmann.ts';
import { summarise, tInterval } from '../statistics/interval.ts';
import { differenceInterval, differenceTest, meanDifference } from '../statistics/welch.ts';
import { armsOf } from '../compare/baselines.ts';
import { type BlockLogs, blockLogsOf } from '../compare/block-logs.ts';
import type { Cell, Results } from '../compare/results.ts';
import { bootstrapSeed, cellSeed } from '../compare/suites.ts';
import { type Verdict, verdictOf } from '../compare/verdict.ts';

/** How a cell stands in one run. */
interface Standing {
  figure: number | null;
  blocks: number;
  /** What the interval rests on: boots where the run has several, else its blocks. */
  units: number;
}

/** One cell of HEAD against the same cell of BASE. Ratios are of performance: above 1 is better, always. */
export interface GateCell extends Pick<Cell, 'mode' | 'workload' | 'metric' | 'unit' | 'better'> {
  /** What was compared: the performance `relative` to the mode’s baseline in each run, or a baseline’s `raw` figures. */
  kind: 'relative' | 'raw';
  /** The cell’s own standing in each run, as relative performance, or in its unit where it is raw. */
  base: Standing;
  head: Standing;
  ratio: number | null;
  low: number | null;
  high: number | null;
  /** The hierarchical bootstrap’s interval, where a run has several boots: a check of the one above. */
  bootstrap: { low: number; high: number } | null;
  /** Of the performance being within the margin (Welch, two-sided), and the same after Holm over the cells that gate. */
  p: number;
  adjustedP: number;
  verdict: Verdict;
  /** Whether its verdict counts: a raw figure’s doesn’t where the machines changed. */
  gates: boolean;
  note: string | null;
}

/** A cell before the other cells were looked at. */
export interface MeasuredCell extends Omit<GateCell, 'adjustedP' | 'verdict' | 'gates'> {
  /** Few blocks drag a mean: no interval can be trusted. */
  dragged: boolean;
}

/** How far HEAD’s cell is from BASE’s, alone. */
export function measure(
  base: Results,
  other: Cell,
  head: Results,
  cell: Cell,
  margin: number,
  confidence: number,
): MeasuredCell {
  const sides = [
    blockLogsOf(armsOf(base), base.cells, other),
    blockLogsOf(armsOf(head), head.cells, cell),
  ] as const;
  const { mode, workload, metric, unit, better } = cell;
  const [was, is] = sides.map(({ kind, values, blocks }) => ({
    figure: values.length === 0 ? null : figureOf(summarise(values).mean, kind, better),
    blocks,
    units: values.length,
  })) as [Standing, Standing];
  const common = { mode, workload, metric, unit, better, kind: sides[1].kind, base: was, head: is };
  if (was.blocks === 0 || is.blocks === 0) {
    const note = `no block of ${was.blocks === 0 ? 'BASE' : 'HEAD'} has both the mode and the baseline`;
    return { ...common, ratio: null, low: null, high: null, bootstrap: null, p: 1, dragged: false, note };
  }
  const difference = meanDifference(summarise(sides[1].values), summarise(sides[0].values));
  const { low, high } = differenceInterval(difference, confidence);
  const edge = Math.log1p(margin);
  const beyond = Math.min(
    differenceTest(difference, -edge, 'less'),
    differenceTest(difference, edge, 'greater'),
  );
  const drag = sides.map(({ values }) => dragIn(values, confidence));
  const dragged = drag.flatMap((text, at) =>
    text === undefined ? [] : [`${at === 0 ? 'BASE' : 'HEAD'}: ${text}`],
  );
  const bootstrap = bootstrapOf(sides, confidence, `${bootstrapSeed(head.seed)}/${cellSeed(cell)}`);
  const [bottom, top] = [low === null ? null : Math.exp(low), high === null ? null : Math.exp(high)];
  const notes = [...dragged, ...disagreement(bottom, top, bootstrap, margin)];
  return {
    ...common,
    ratio: Math.exp(difference.value),
    low: bottom,
    high: top,
    bootstrap,
    p: Math.min(1, 2 * beyond),
    dragged: dragged.length > 0,
    note: notes.length === 0 ? null : notes.join('; '),
  };
}

/** What is to be said where few blocks drag a run’s mean. */
function dragIn(values: Float64Array, confidence: number): string | undefined {
  const { low, high } = tInterval(summarise(values), confidence);
  const t = { low: low === null ? null : Math.exp(low), high: high === null ? null : Math.exp(high) };
  return draggedMean({ t, hodgesLehmann: { estimate: Math.exp(shiftOf(values)) } });
}

/** Null where neither run has several boots: Welch’s interval over blocks then has nothing to be checked for. */
function bootstrapOf(
  [base, head]: readonly [BlockLogs, BlockLogs],
  confidence: number,
  seed: string,
): GateCell['bootstrap'] {
  if ([base, head].every(({ blocks, units }) => units.length === blocks)) return null;
  const { low, high } = bootstrapDifference(head.units, base.units, { seed, confidence });
  return low === null || high === null ? null : { low: Math.exp(low), high: Math.exp(high) };
}

/** What is to be said where the bootstrap over boots would have come to another verdict. */
function disagreement(
  low: number | null,
  high: number | null,
  bootstrap: GateCell['bootstrap'],
  margin: number,
): string[] {
  if (bootstrap === null) return [];
  const [welch, other] = [[low, high] as const, [bootstrap.low, bootstrap.high] as const].map(([from, to]) =>
    verdictOf(from, to, 'higher', margin),
  );
  if (welch === other) return [];
  const interval = [bootstrap.low, bootstrap.high].map((end) => end.toPrecision(4)).join(', ');
  return [
    `by its interval over boots it is ${welch ?? ''}, by the hierarchical bootstrap’s [${interval}] ${other ?? ''}`,
  ];
}

function figureOf(log: number, kind: GateCell['kind'], better: Cell['better']): number {
  return Math.exp(kind === 'raw' && better === 'lower' ? -log : log);
}
