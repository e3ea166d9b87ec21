import { baselineOf } from '../experiment/baseline.ts';
import { armsOf } from '../compare/baselines.ts';
import { cellIn } from '../compare/block-logs.ts';
import type { Cell, Results } from '../compare/results.ts';
import type { Verdict } from '../compare/verdict.ts';
import { mean } from '../statistics/moments.ts';

/** HEAD ÷ BASE of the performance of a mode and of its baseline, from their own figures, not from ratios. */
export interface Absolute {
  baseline: string;
  modeChange: number;
  baselineChange: number;
}

/** Null for a baseline itself, and if a run lacks some of the figures. */
export function absoluteChange(base: Results, other: Cell, head: Results, cell: Cell): Absolute | null {
  const baseline = baselineOf(cell.mode, armsOf(head));
  if (baseline === undefined) return null;
  const [was, is] = [cellIn(baseline, other, base.cells), cellIn(baseline, cell, head.cells)];
  const [modeChange, baselineChange] = [change(other, cell), change(was, is)];
  return modeChange === null || baselineChange === null ? null : { baseline, modeChange, baselineChange };
}

/** Of geometric means over all samples; above 1 is always better. */
function change(was: Cell | undefined, is: Cell | undefined): number | null {
  const logs = [was, is].map((cell) => cell?.trials.flatMap(({ values }) => values.map(Math.log)) ?? []);
  const [before = [], after = []] = logs;
  if (before.length === 0 || after.length === 0) return null;
  const log = mean(after) - mean(before);
  return Math.exp(is?.better === 'higher' ? log : -log);
}

/**
 * Which of the two moved if a cell is slower or faster: a ratio alone can't show it. Null if it is neither.
 */
export function reasonOf(
  mode: string,
  verdict: Verdict,
  absolute: Absolute | null,
  margin: number,
): string | null {
  if (absolute === null || (verdict !== 'slower' && verdict !== 'faster')) return null;
  const { baseline, modeChange, baselineChange } = absolute;
  const stayed = (ratio: number) => Math.abs(Math.log(ratio)) <= Math.log1p(margin);
  const percent = (ratio: number) => `${Number((100 * ratio).toPrecision(4))}%`;
  const figures = `by their own figures, ${mode} has ${percent(modeChange)} of its performance in BASE, and its baseline ${baseline} ${percent(baselineChange)}`;
  if (!stayed(modeChange) || stayed(baselineChange)) return figures;
  return `by point estimates the baseline moved, and ${mode} did not: ${figures}. Find out what changed ${baseline}, or use a new BASE if the change is intended`;
}
