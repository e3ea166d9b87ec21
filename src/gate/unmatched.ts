import { isLeftOut } from '../experiment/part.ts';
import { type CellName, nameOf, sameCell } from '../compare/cell-name.ts';
import { listed } from './comparable.ts';
import type { Cell, Results } from '../compare/results.ts';
import type { Warning } from '../compare/warning.ts';

/** What a run should have. */
type Asked = Pick<Results, 'specification' | 'leftOut'>;

/** The cells that only one of the runs has. */
interface Unmatched {
  missing: CellName[];
  removed: CellName[];
  lost: CellName[];
  added: CellName[];
  leftOut: CellName[];
}

/**
 * A cell of BASE is missing if HEAD should have it: its trials failed, or never ran. It is removed if HEAD's
 * experiment has no such mode or workload, or if the workload gave HEAD other figures in that mode but not
 * this one: rerunning the same trials would change nothing. By the same rule BASE lost a cell of HEAD that it
 * should have, and one that it should not have is added. What HEAD was told to leave out is none of these.
 */
export function unmatchedIn(
  before: readonly Cell[],
  after: readonly Cell[],
  base: Asked,
  head: Asked,
): Unmatched {
  const [gone, come] = [without(before, after), without(after, before)];
  const [missing, lost] = [wasToBeIn(head, after), wasToBeIn(base, before)];
  const notAsked = (cell: CellName) => isLeftOut(head.leftOut, cell);
  return {
    missing: gone.filter(missing),
    removed: gone.filter((cell) => !missing(cell) && !notAsked(cell)),
    lost: come.filter(lost),
    added: come.filter((cell) => !lost(cell)),
    leftOut: gone.filter(notAsked),
  };
}

/** Whether a run asked for a cell of which it has no figure, and no other figure of the same trials. */
function wasToBeIn({ specification: { modes, workloads }, leftOut }: Asked, cells: readonly Cell[]) {
  return (cell: CellName) =>
    Object.hasOwn(modes, cell.mode) &&
    Object.hasOwn(workloads, cell.workload) &&
    !isLeftOut(leftOut, cell) &&
    !cells.some(({ mode, workload }) => mode === cell.mode && workload === cell.workload);
}

/** The names come last, because an overlong line is truncated. */
export function unmatchedWarnings({ missing, removed, lost, added, leftOut }: Unmatched): Warning[] {
  const warn = (code: string, cells: readonly CellName[], advice: string): Warning[] =>
    cells.length === 0 ? [] : [{ code, text: `${advice}: ${listed(cells.map(nameOf))}` }];
  return [
    ...missing.map((cell) => ({
      code: 'cell-missing',
      text: `${nameOf(cell)} is in BASE but not in HEAD: see HEAD’s failed trials`,
    })),
    ...warn(
      'cell-removed',
      removed,
      'in BASE, but HEAD does not ask for it, or its workload no longer prints it. Restore it, or use a new BASE',
    ),
    ...warn(
      'cell-lost-in-base',
      lost,
      'in HEAD, but BASE should have a figure for it and has none, so a slowdown could go unnoticed. See BASE’s failed trials',
    ),
    ...warn('cell-left-out', leftOut, 'in BASE, but left out of HEAD by --only, so not compared this time'),
    ...warn('cell-new', added, 'only in HEAD, so not compared; counts from the next BASE on'),
  ];
}

function without(cells: readonly Cell[], others: readonly Cell[]): CellName[] {
  return cells
    .filter((cell) => !others.some((one) => sameCell(one, cell)))
    .map(({ mode, workload, metric }) => ({ mode, workload, metric }));
}
