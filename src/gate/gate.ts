import { lostTrials } from '../compare/history.ts';
import type { ExitCode } from '../exit-code.ts';
import { holm, holmLevels } from '../statistics/adjust.ts';
import { changesOf, sameMachines } from './changes.ts';
import { type CellName, sameCell } from '../compare/cell-name.ts';
import { requireSameMetrics, requireSameQuestion } from './comparable.ts';
import { type GateCell, type MeasuredCell, judged, measure } from './cell.ts';
import type { Cell, Results } from '../compare/results.ts';
import { baseWarnings, isCutOff } from './whole.ts';
import { unmatchedIn, unmatchedWarnings } from './unmatched.ts';
import type { Warning } from '../compare/warning.ts';

export interface Gate {
  format: 1;
  base: { name: string; seed: number; started: string | null };
  head: { name: string; seed: number; started: string | null };
  baseline: string;
  margin: number;
  confidence: number;
  cells: GateCell[];
  /** Cells of BASE that HEAD should have, but has no figure for. */
  missing: CellName[];
  /** Cells of BASE that HEAD no longer asks for, so that no further trial brings them. */
  removed: CellName[];
  /** Cells of HEAD that BASE should have, but has no figure for. */
  lost: CellName[];
  /** Cells that only HEAD has. */
  added: CellName[];
  /** Cells of BASE that HEAD was told to leave out. */
  leftOut: CellName[];
  /** Whether HEAD finished, and lost no trial. */
  whole: boolean;
  /** Whether BASE ended early. */
  baseCutOff: boolean;
  warnings: Warning[];
  /** How an inconclusive outcome counts, if specified. */
  inconclusive?: 'pass' | 'fail' | undefined;
  outcome: 'passed' | 'slower' | 'inconclusive' | 'incomplete';
}

/** What is known if HEAD measures cells again. */
export interface Again {
  /** The cells to look at; all others are ignored. */
  among?: (cell: CellName) => boolean;
  /** Of consecutive blocks. */
  correlation?: number | undefined;
}

/**
 * HEAD compared with BASE, cell by cell. The runs share no block, so nothing is paired between them, but each
 * has a baseline arm that ran in the same minutes as its modes. So a mode is compared by its performance
 * relative to that arm, block by block: changes of the machine between the runs cancel. (The baseline itself
 * has nothing to be relative to: its raw figures are compared, and don't count if the machines differ.) The
 * difference of the two runs' mean block logs gets Welch's interval, because the runs have different noise.
 *
 * A cell is slower, or faster, if its interval lies wholly outside the margin at the confidence that Holm's
 * procedure requires over all cells that count, so that the chance of any false alarm stays under 1 -
 * confidence however many cells there are. It is the same if its own interval lies wholly inside.
 *
 * If a run has several boots, they are the independent unit: the interval is computed over them, with the
 * hierarchical bootstrap as a check. A difference from boot to boot that affects one mode alone does not show
 * in the spread of a run with one boot.
 * @throws Problem (exit code 2) if the runs can't be compared.
 */
export function gateOf(
  base: Results,
  head: Results,
  margin: number = head.margin,
  inconclusive?: Gate['inconclusive'],
  { among = () => true, correlation }: Again = {},
): Gate {
  requireSameQuestion(base, head);
  const [before, after] = [withoutSelf(base).filter(among), withoutSelf(head).filter(among)];
  requireSameMetrics(before, after);
  const changes = changesOf(base, head);
  const { confidence } = head;
  const measured = after.flatMap((cell) => {
    const other = before.find((one) => sameCell(one, cell));
    return other === undefined ? [] : [measure(base, other, head, cell, margin, confidence, correlation)];
  });
  const counts = ({ kind }: MeasuredCell) => kind === 'relative' || sameMachines(changes);
  const cells = judgedCells(measured, counts, margin, confidence);
  const unmatched = unmatchedIn(before, after, base, head);
  const [whole, baseCutOff] = [!isCutOff(head) && lostTrials(head) === 0, isCutOff(base)];
  return {
    format: 1,
    base: { name: base.name, seed: base.seed, started: base.started },
    head: { name: head.name, seed: head.seed, started: head.started },
    baseline: head.baseline,
    margin,
    confidence,
    cells,
    ...unmatched,
    ...{ whole, baseCutOff },
    warnings: [...changes, ...baseWarnings(base), ...doubts(cells), ...unmatchedWarnings(unmatched)],
    ...(inconclusive === undefined ? {} : { inconclusive }),
    outcome: outcomeOf(cells, isLacking({ ...unmatched, whole, baseCutOff })),
  };
}

const EXIT_CODE_OF = { passed: 0, slower: 1, inconclusive: 3, incomplete: 4 } as const;

/** The exit code of a gate. */
export function gateExitCode({ outcome, inconclusive }: Pick<Gate, 'outcome' | 'inconclusive'>): ExitCode {
  if (outcome === 'inconclusive' && inconclusive !== undefined) return inconclusive === 'pass' ? 0 : 1;
  return EXIT_CODE_OF[outcome];
}

/** A/A arms only assess the harness, and would only cost the others power. */
function withoutSelf({ cells, falsePositives }: Results): Cell[] {
  return cells.filter(({ mode }) => !(falsePositives?.modes.includes(mode) ?? false));
}

/** Holm's correction is over the cells that count. */
function judgedCells(
  measured: readonly MeasuredCell[],
  counts: (one: MeasuredCell) => boolean,
  margin: number,
  confidence: number,
): GateCell[] {
  const ps = measured.filter(counts).map(({ p }) => p);
  const [adjusted, levels] = [holm(ps), holmLevels(ps, 1 - confidence)];
  let next = 0;
  return measured.map((one) => {
    const gates = counts(one);
    const place = gates ? next++ : -1;
    const level = levels[place] ?? 1 - confidence;
    return {
      ...judged(one, { margin, confidence, level }),
      adjustedP: adjusted[place] ?? one.p,
      gates,
    };
  });
}

function doubts(cells: readonly GateCell[]): Warning[] {
  const raw = cells.filter(({ kind }) => kind === 'raw');
  if (raw.length === 0) return [];
  const text = raw.every(({ gates }) => gates)
    ? 'the baseline’s own figures are compared directly between runs at different times: before you rely on a difference there, run BASE again'
    : 'the baseline’s own figures are shown but don’t count, because the machines changed between the runs';
  return [{ code: 'raw-baseline', text }];
}

/** Whether HEAD, or BASE, lacks figures that it should have. */
export function isLacking({
  whole,
  baseCutOff,
  missing,
  removed,
  lost,
}: Pick<Gate, 'whole' | 'baseCutOff' | 'missing' | 'removed' | 'lost'>): boolean {
  return !whole || baseCutOff || [missing, removed, lost].some(({ length }) => length > 0);
}

export function outcomeOf(cells: readonly GateCell[], incomplete: boolean): Gate['outcome'] {
  const verdicts = new Set(cells.filter(({ gates }) => gates).map(({ verdict }) => verdict));
  if (verdicts.has('slower')) return 'slower';
  if (incomplete) return 'incomplete';
  return verdicts.has('inconclusive') || verdicts.size === 0 ? 'inconclusive' : 'passed';
}
