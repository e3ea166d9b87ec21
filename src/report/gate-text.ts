import { percentage } from '../chart/spec.ts';
import type { Gate } from '../gate/gate.ts';
import type { GateCell } from '../gate/cell.ts';
import { intervalWords } from '../words/interval.ts';
import { oneLine } from '../words/printable.ts';
import { SIGN } from './wording.ts';

export const GATE_HEAD = ['mode', 'workload', 'metric', 'BASE', 'HEAD', 'HEAD ÷ BASE', 'interval', 'verdict'];

/** A cell in words, under GATE_HEAD. */
export function gateRow(cell: GateCell, { confidence }: Pick<Gate, 'confidence'>): string[] {
  const { ratio, low, high } = cell;
  const corrected = low !== null && cell.confidence !== confidence;
  return [
    cell.mode,
    cell.workload,
    cell.metric,
    standing(cell, cell.base.figure),
    standing(cell, cell.head.figure),
    ratio === null ? 'none' : percentage(ratio),
    `${intervalWords(low, high, percentage)}${corrected ? ` (Holm: ${confidenceWords(cell.confidence)})` : ''}`,
    cell.gates ? `${SIGN[cell.verdict]} ${cell.verdict}` : `(${cell.verdict})`,
  ].map((text) => oneLine(text, 100));
}

/** The outcome and its warnings, a line each. */
export function gateWords(gate: Gate): string[] {
  const counted = gate.cells.filter(({ gates }) => gates);
  const count = (verdict: GateCell['verdict']) => counted.filter((one) => one.verdict === verdict).length;
  const sum = (['slower', 'faster', 'same', 'inconclusive'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${verdict}`);
  return [
    ...gate.warnings.map(({ text }) => `warning: ${oneLine(text)}`),
    ...gate.cells.flatMap(({ mode, workload, metric, reason }) =>
      reason === null ? [] : [`${mode}, ${workload}: ${metric}: ${oneLine(reason)}`],
    ),
    ...gate.cells.flatMap(({ mode, workload, metric, note }) =>
      note === null ? [] : [`note: ${mode}, ${workload}: ${metric}: ${oneLine(note)}`],
    ),
    `performance of HEAD against BASE, above 100% is better; margin ${percentage(gate.margin)}, ` +
      `${confidenceWords(gate.confidence)} intervals (Welch), with Holm’s correction over ${counted.length} cells for cells that are not the same: ${sum.join(', ') || 'no cell counts'}`,
    `gate: ${gateOutcome(gate)}`,
  ];
}

/** With enough nines to distinguish it from certainty: 95%, 99.75%, 99.995%. */
export function confidenceWords(confidence: number): string {
  const digits = Math.max(0, Math.ceil(-Math.log10(1 - confidence)) - 1);
  return `${Number((100 * confidence).toFixed(digits + 1))}%`;
}

/** The outcome, and what to do if it is inconclusive. */
export function gateOutcome(gate: Gate): string {
  if (gate.outcome === 'incomplete') return `incomplete: ${lacking(gate).join('; ')}`;
  const counts = gate.outcome === 'inconclusive' && gate.inconclusive !== undefined;
  return counts ? `${OUTCOMES.inconclusive}. It counts as ${gate.inconclusive}` : OUTCOMES[gate.outcome];
}

const OUTCOMES: Record<Exclude<Gate['outcome'], 'incomplete'>, string> = {
  passed: 'passed: no cell is slower than the margin allows',
  slower: 'failed: a cell is slower than the margin allows',
  inconclusive:
    'inconclusive: an interval is too wide to decide. More blocks narrow it; to see how many: vgpubench plan FILE',
};

/** Trials can be rerun; what the experiment no longer contains can't. */
function lacking({ whole, missing, removed, lost, baseCutOff }: Gate): string[] {
  const retry = 'HEAD lacks figures. To measure them: vgpubench resume RUN --retry';
  const cells = removed.length === 1 ? 'a cell' : `${removed.length} cells`;
  const put = `HEAD no longer has ${cells} of BASE. Restore what was removed or renamed, or use a new BASE`;
  const base =
    'BASE lacks figures, so a slower cell could go unnoticed. Use a new BASE, or measure them: vgpubench resume BASE --retry';
  return [
    ...(whole && missing.length === 0 ? [] : [retry]),
    ...(removed.length === 0 ? [] : [put]),
    ...(baseCutOff || lost.length > 0 ? [base] : []),
  ];
}

function standing({ kind, unit }: GateCell, figure: number | null): string {
  if (figure === null) return 'none';
  return kind === 'relative' ? percentage(figure) : `${Number(figure.toPrecision(4))} ${unit}`;
}
