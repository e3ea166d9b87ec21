import { dependenceOf, worthAs } from '../statistics/dependence.ts';
import { bootstrapDifference } from '../statistics/bootstrap-difference.ts';
import { draggedMean } from '../statistics/disagreement.ts';
import { baselineOf } from '../experiment/baseline.ts';
import { shiftOf } from '../statistics/hodges-lehmann.ts';
import { type Summary, summarise, tInterval } from '../statistics/interval.ts';
import { notWithin } from '../statistics/ratio.ts';
import { type MeanDifference, differenceInterval, meanDifference } from '../statistics/welch.ts';
import { armsOf } from '../compare/baselines.ts';
import { verdictAt, withinP } from './beyond.ts';
import { type Absolute, absoluteChange, reasonOf } from './reason.ts';
import { type BlockLogs, blockLogsOf, cellIn } from '../compare/block-logs.ts';
import type { Cell, Results } from '../compare/results.ts';
import { bootstrapSeed, cellSeed } from '../compare/suites.ts';
import { openness } from '../compare/ticks.ts';
import { type Verdict, standsOver, verdictOf } from '../compare/verdict.ts';

/** A cell in one run. */
interface Standing {
  figure: number | null;
  blocks: number;
  /** The unit of the interval: boots if the run has several, else its blocks. */
  units: number;
}

/**
 * One cell of HEAD compared with the same cell of BASE. Ratios are of performance: above 1 is always better.
 */
export interface GateCell extends Pick<Cell, 'mode' | 'workload' | 'metric' | 'unit' | 'better'> {
  /**
   * What was compared: performance `relative` to the mode’s baseline in each run, or a baseline’s `raw`
   * figures.
   */
  kind: 'relative' | 'raw';
  /** The cell’s value in each run, as relative performance, or in its unit if it is raw. */
  base: Standing;
  head: Standing;
  ratio: number | null;
  /** The ends of the interval behind its verdict. */
  low: number | null;
  high: number | null;
  /**
   * Of that interval. The gate's own if the cell is the same, or does not count; else the higher one that
   * Holm's procedure required.
   */
  confidence: number;
  /** The hierarchical bootstrap’s interval, if a run has several boots: a check of the one above. */
  bootstrap: { low: number; high: number } | null;
  /**
   * Of the performance being within the margin (Welch, two-sided), and the same after Holm over the cells
   * that count.
   */
  p: number;
  adjustedP: number;
  verdict: Verdict;
  /** Whether its verdict counts: that of a raw figure does not if the machines changed. */
  gates: boolean;
  /** What moved, mode or baseline, if the verdict is slower or faster; else null. */
  reason: string | null;
  note: string | null;
}

/** A cell before the other cells are considered. */
export interface MeasuredCell extends Omit<
  GateCell,
  'low' | 'high' | 'confidence' | 'adjustedP' | 'verdict' | 'gates' | 'reason'
> {
  /** In logs; undefined if a run has no block of it. */
  difference: MeanDifference | undefined;
  /** How far off the difference may be because figures come in steps. */
  open: number;
  absolute: Absolute | null;
  /** If a few blocks drag a mean: how, and the ratios between which the truth may then lie. */
  drag: { text: string; low: number; high: number } | undefined;
}

/**
 * At 5%, as in a run's own figures, one cell in ten would count as correlated in one of the two runs by
 * chance, and slowdowns be missed: 90 of 100 campaigns found 5% with the blocks that plan recommends; now 97
 * do (test/gate/gate-alarms.ts).
 */
const DEPENDENT = 0.01;

/**
 * A run's block logs, or the equivalent number of independent ones if consecutive blocks are clearly
 * correlated.
 */
function worthOf(values: Float64Array, seed: string): Summary {
  const dependence = dependenceOf(values, seed);
  return dependence !== undefined && dependence.p <= DEPENDENT ? dependence.effective : summarise(values);
}

/**
 * How far HEAD’s cell is from BASE’s, by itself.
 * @param correlation of consecutive blocks, if known from elsewhere
 */
export function measure(
  base: Results,
  other: Cell,
  head: Results,
  cell: Cell,
  margin: number,
  confidence: number,
  correlation?: number,
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
  const absolute = absoluteChange(base, other, head, cell);
  const common = { mode, workload, metric, unit, better, kind: sides[1].kind, base: was, head: is, absolute };
  if (was.blocks === 0 || is.blocks === 0) {
    const note = `no block of ${was.blocks === 0 ? 'BASE' : 'HEAD'} has both the mode and the baseline`;
    return {
      ...common,
      ratio: null,
      bootstrap: null,
      p: 1,
      difference: undefined,
      open: 0,
      drag: undefined,
      note,
    };
  }
  const seed = `${bootstrapSeed(head.seed)}/${cellSeed(cell)}`;
  // Consecutive blocks that are correlated count as the equivalent number of independent ones, as in the
  // runs' own figures.
  const worth = ({ values }: (typeof sides)[number]) =>
    correlation === undefined || values.length < 2
      ? worthOf(values, seed)
      : worthAs(summarise(values), correlation);
  const difference = meanDifference(worth(sides[1]), worth(sides[0]));
  const open = opennessIn(base, other) + opennessIn(head, cell);
  const { low, high } = notWithin(differenceInterval(difference, confidence), difference.value, open);
  const edge = Math.log1p(margin) + open;
  const bootstrap = bootstrapOf(sides, confidence, seed);
  const [bottom, top] = [low === null ? null : Math.exp(low), high === null ? null : Math.exp(high)];
  const notes = disagreement([bottom, top], bootstrap, margin, confidence);
  return {
    ...common,
    ratio: Math.exp(difference.value),
    bootstrap,
    p: withinP(difference, edge),
    difference,
    open,
    drag: dragOf(sides, confidence),
    note: notes.length === 0 ? null : notes.join('; '),
  };
}

/**
 * The verdict, and the interval behind it. "No cell is slower" requires all of them to be the same, so each
 * may be tested at the gate's own confidence (an intersection-union test: Berger, Technometrics 24(4), 1982).
 * "One is slower" requires only one, and error probabilities add up: there the interval is the one by which
 * Holm's procedure decides.
 * @param level the level that Holm's procedure requires of the cell
 */
export function judged(
  { difference, open, absolute, drag, ...one }: MeasuredCell,
  { margin, confidence, level }: { margin: number; confidence: number; level: number },
): Omit<GateCell, 'adjustedP' | 'gates'> {
  const at = verdictAt(difference, open, margin);
  const alone = at(confidence);
  const found = alone.verdict === 'same' ? alone : at(1 - level);
  if (drag === undefined || standsOver(drag, found.verdict, 'higher', margin))
    return { ...one, ...found, reason: reasonOf(one.mode, found.verdict, absolute, margin) };
  const note = [drag.text, ...(one.note === null ? [] : [one.note])].join('; ');
  return { ...one, ...found, verdict: 'inconclusive', reason: null, note };
}

/** How far off a cell's figure in a run may be, in logs, including that of its baseline. */
function opennessIn(results: Results, cell: Cell): number {
  const baseline = baselineOf(cell.mode, armsOf(results));
  return openness(
    cell.tick,
    baseline === undefined ? undefined : cellIn(baseline, cell, results.cells)?.tick,
  );
}

/**
 * Which run's mean is dragged by a few blocks. The truth may lie anywhere between that run's blocks, and at
 * the other's mean.
 */
function dragOf(sides: readonly [BlockLogs, BlockLogs], confidence: number): MeasuredCell['drag'] {
  const [was, is] = sides.map(({ values }) => {
    const text = dragIn(values, confidence);
    const centre = summarise(values).mean;
    return text === undefined
      ? { text, low: centre, high: centre }
      : { text, low: Math.min(...values), high: Math.max(...values) };
  }) as [DraggedRun, DraggedRun];
  const texts = [
    ...(was.text === undefined ? [] : [`BASE: ${was.text}`]),
    ...(is.text === undefined ? [] : [`HEAD: ${is.text}`]),
  ];
  if (texts.length === 0) return undefined;
  return { text: texts.join('; '), low: Math.exp(is.low - was.high), high: Math.exp(is.high - was.low) };
}

/** In logs; equal to the mean if nothing drags it. */
interface DraggedRun {
  text: string | undefined;
  low: number;
  high: number;
}

/** The explanation if a few blocks drag a run’s mean. */
function dragIn(values: Float64Array, confidence: number): string | undefined {
  const { low, high } = tInterval(summarise(values), confidence);
  const t = { low: low === null ? null : Math.exp(low), high: high === null ? null : Math.exp(high) };
  return draggedMean({ t, hodgesLehmann: { estimate: Math.exp(shiftOf(values)) } });
}

/** Null if neither run has several boots: Welch’s interval over blocks then needs no check. */
function bootstrapOf(
  [base, head]: readonly [BlockLogs, BlockLogs],
  confidence: number,
  seed: string,
): GateCell['bootstrap'] {
  if ([base, head].every(({ blocks, units }) => units.length === blocks)) return null;
  const { low, high } = bootstrapDifference(head.units, base.units, { seed, confidence });
  return low === null || high === null ? null : { low: Math.exp(low), high: Math.exp(high) };
}

/** The explanation if the bootstrap over boots gives the cell another verdict. */
function disagreement(
  ends: readonly [number | null, number | null],
  bootstrap: GateCell['bootstrap'],
  margin: number,
  confidence: number,
): string[] {
  if (bootstrap === null) return [];
  const welch = verdictOf(...ends, 'higher', margin);
  const other = verdictOf(bootstrap.low, bootstrap.high, 'higher', margin);
  if (welch === other) return [];
  const interval = [bootstrap.low, bootstrap.high].map((end) => end.toPrecision(4)).join(', ');
  return [
    `by itself, at ${Math.round(100 * confidence)}%, it is ${welch} by its interval over boots, but ${other} by the hierarchical bootstrap’s [${interval}]`,
  ];
}

function figureOf(log: number, kind: GateCell['kind'], better: Cell['better']): number {
  return Math.exp(kind === 'raw' && better === 'lower' ? -log : log);
}
