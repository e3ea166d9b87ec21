import { isLeftOut } from '../experiment/part.ts';
import { type CellName, nameOf, sameCell } from '../compare/cell-name.ts';
import { listed } from './comparable.ts';
import type { Cell, Results } from '../compare/results.ts';
import type { Warning } from '../compare/warning.ts';

/** What a run was to have. */
type Asked = Pick<Results, 'specification' | 'leftOut'>;

/** The cells that one run has and the other has not. */
interface Unmatched {
  missing: CellName[];
  removed: CellName[];
  lost: CellName[];
  added: CellName[];
  leftOut: CellName[];
}

/**
 * A cell of BASE is missing where HEAD was to have it: its trials failed, or never ran. It is removed where HEAD's
 * experiment has no such mode or workload, or where the workload gave HEAD other figures in that mode and not
 * this one: the same trials run again would do the same. By the same rule BASE lost a cell of HEAD that it was to have,
 * and one that it was not to have is added. What HEAD was told to leave out is none of these: nobody asks for it this time.
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

/** Whether a run asked for a cell that it has no figure of, nor any other of the same trials. */
function wasToBeIn({ specification: { modes, workloads }, leftOut }: Asked, cells: readonly Cell[]) {
  return (cell: CellName) =>
    Object.hasOwn(modes, cell.mode) &&
    Object.hasOwn(workloads, cell.workload) &&
    !isLeftOut(leftOut, cell) &&
    !cells.some(({ mode, workload }) => mode === cell.mode && workload === cell.workload);
}

/** The names come last: what there are too many of for a line is cut off. */
export function unmatchedWarnings({ missing, removed, lost, added, leftOut }: Unmatched): Warning[] {
  const warn = (code: string, cells: readonly CellName[], advice: string): Warning[] =>
    cells.length === 0 ? [] : [{ code, text: `${advice}: ${listed(cells.map(nameOf))}` }];
  return [
    ...missing.map((cell) => ({
      code: 'cell-missing',
      text: `${nameOf(cell)} is in BASE and not in HEAD: see HEAD’s failed trials`,
    })),
    ...warn(
      'cell-removed',
      removed,
      'in BASE, and HEAD does not ask for it, or its workload no longer prints it. Put it back, or take a new BASE',
    ),
    ...warn(
      'cell-lost-in-base',
      lost,
      'in HEAD, and BASE was to have it and has no figure of it, so that nobody can tell whether it got slower. See BASE’s failed trials',
    ),
    ...warn('cell-left-out', leftOut, 'in BASE, and left out of HEAD by --only, so not compared this time'),
    ...warn('cell-new', added, 'in HEAD alone, so not compared; counts from the next BASE on'),
  ];
}

function without(cells: readonly Cell[], others: readonly Cell[]): CellName[] {
  return cells
    .filter((cell) => !others.some((one) => sameCell(one, cell)))
    .map(({ mode, workload, metric }) => ({ mode, workload, metric }));
}
