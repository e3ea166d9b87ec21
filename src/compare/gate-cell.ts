import { draggedMean } from '../statistics/disagreement.ts';
import { summarise } from '../statistics/interval.ts';
import { ratioOf } from '../statistics/ratio.ts';
import { differenceInterval, differenceTest, meanDifference } from '../statistics/welch.ts';
import { blockLogsOf } from './block-logs.ts';
import type { Cell, Results } from './results.ts';
import type { Verdict } from './verdict.ts';

/** One cell of HEAD against the same cell of BASE. Ratios are of performance: above 1 is better, always. */
export interface GateCell extends Pick<Cell, 'mode' | 'workload' | 'metric' | 'unit' | 'better'> {
  /** What was compared: the performance `relative` to each run's own baseline, or the baseline’s `raw` figures. */
  kind: 'relative' | 'raw';
  /** The cell’s own standing in each run, as relative performance, or in its unit where it is raw. */
  base: { figure: number | null; blocks: number };
  head: { figure: number | null; blocks: number };
  ratio: number | null;
  low: number | null;
  high: number | null;
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
  const sides = [blockLogsOf(base, other), blockLogsOf(head, cell)] as const;
  const { mode, workload, metric, unit, better } = cell;
  const [was, is] = sides.map(({ kind, values }) => ({
    figure: values.length === 0 ? null : figureOf(summarise(values).mean, kind, better),
    blocks: values.length,
  })) as [GateCell['base'], GateCell['head']];
  const common = { mode, workload, metric, unit, better, kind: sides[1].kind, base: was, head: is };
  if (was.blocks === 0 || is.blocks === 0) {
    const note = `no block of ${was.blocks === 0 ? 'BASE' : 'HEAD'} has both the mode and the baseline`;
    return { ...common, ratio: null, low: null, high: null, p: 1, dragged: false, note };
  }
  const difference = meanDifference(summarise(sides[1].values), summarise(sides[0].values));
  const { low, high } = differenceInterval(difference, confidence);
  const edge = Math.log1p(margin);
  const beyond = Math.min(
    differenceTest(difference, -edge, 'less'),
    differenceTest(difference, edge, 'greater'),
  );
  const drag = sides.map(({ values }) => draggedMean(ratioOf(values, undefined, confidence).methods));
  const note = drag.flatMap((text, at) =>
    text === undefined ? [] : [`${at === 0 ? 'BASE' : 'HEAD'}: ${text}`],
  );
  return {
    ...common,
    ratio: Math.exp(difference.value),
    low: low === null ? null : Math.exp(low),
    high: high === null ? null : Math.exp(high),
    p: Math.min(1, 2 * beyond),
    dragged: note.length > 0,
    note: note.length === 0 ? null : note.join('; '),
  };
}

function figureOf(log: number, kind: GateCell['kind'], better: Cell['better']): number {
  return Math.exp(kind === 'raw' && better === 'lower' ? -log : log);
}
