import { type CellName, nameOf, sameCell } from '../compare/cell-name.ts';
import { listed } from './comparable.ts';
import type { Cell } from '../compare/results.ts';
import type { Specification } from '../compare/specification.ts';
import type { Warning } from '../compare/warning.ts';

/** The cells that one run has and the other has not. */
interface Unmatched {
  missing: CellName[];
  removed: CellName[];
  lost: CellName[];
  added: CellName[];
}

/**
 * A cell of BASE is missing where HEAD was to have it: its trials failed, or never ran. It is removed where HEAD's
 * experiment has no such mode or workload, or where the workload gave HEAD other figures in that mode and not
 * this one: the same trials run again would do the same. By the same rule BASE lost a cell of HEAD that it was to have,
 * and one that it was not to have is added.
 */
export function unmatchedIn(
  before: readonly Cell[],
  after: readonly Cell[],
  base: Specification,
  head: Specification,
): Unmatched {
  const [gone, come] = [without(before, after), without(after, before)];
  const [missing, lost] = [wasToBeIn(head, after), wasToBeIn(base, before)];
  return {
    missing: gone.filter(missing),
    removed: gone.filter((cell) => !missing(cell)),
    lost: come.filter(lost),
    added: come.filter((cell) => !lost(cell)),
  };
}

/** Whether a run asked for a cell that it has no figure of, nor any other of the same trials. */
function wasToBeIn({ modes, workloads }: Specification, cells: readonly Cell[]) {
  return ({ mode, workload }: CellName) =>
    Object.hasOwn(modes, mode) &&
    Object.hasOwn(workloads, workload) &&
    !cells.some((one) => one.mode === mode && one.workload === workload);
}

/** The names come last: what there are too many of for a line is cut off. */
export function unmatchedWarnings({ missing, removed, lost, added }: Unmatched): Warning[] {
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
    ...warn('cell-new', added, 'in HEAD alone, so not compared; counts from the next BASE on'),
  ];
}

function without(cells: readonly Cell[], others: readonly Cell[]): CellName[] {
  return cells
    .filter((cell) => !others.some((one) => sameCell(one, cell)))
    .map(({ mode, workload, metric }) => ({ mode, workload, metric }));
}
