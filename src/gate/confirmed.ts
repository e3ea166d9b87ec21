import { armsOf } from '../compare/baselines.ts';
import { blockLogsOf } from '../compare/block-logs.ts';
import { type CellName, nameOf, sameCell } from '../compare/cell-name.ts';
import type { Cell, Results } from '../compare/results.ts';
import { bootstrapSeed } from '../compare/suites.ts';
import { isLeftOut } from '../experiment/part.ts';
import { sharedCorrelation } from '../statistics/shared-dependence.ts';
import { listed } from './comparable.ts';
import { type Gate, gateOf, isLacking, outcomeOf } from './gate.ts';

/** The cells that count and look slower, or are inconclusive. */
export function suspiciousIn({ cells }: Pick<Gate, 'cells'>): CellName[] {
  return cells
    .filter(({ gates, verdict }) => gates && (verdict === 'slower' || verdict === 'inconclusive'))
    .map(({ mode, workload, metric }) => ({ mode, workload, metric }));
}

/** The input of a gate, and the figures of the blocks in which a part of HEAD was measured again. */
interface Runs {
  base: Results;
  head: Results;
  fresh: Results;
}

/**
 * A gate whose suspicious cells were measured again: they are judged by the fresh blocks alone, with Holm's
 * correction over them, and all others as before. The data that made a cell suspicious are not used any more,
 * so that a fluctuation is not counted twice after being selected for it (Kriegeskorte et al., Nature
 * Neuroscience 12, 2009).
 *
 * Whether the machine stays in states is estimated from all of HEAD's blocks and all those cells together:
 * ten blocks of one cell seldom suffice. If it does, the blocks of both runs count as the equivalent number
 * of independent ones.
 */
export function confirmed(first: Gate, { base, head, fresh }: Runs, blocks: number): Gate {
  const asked = suspiciousIn(first).filter((cell) => !isLeftOut(fresh.leftOut, cell));
  if (asked.length === 0) return first;
  const again = (cell: CellName) => asked.some((one) => sameCell(one, cell));
  const judged = gateOf(base, fresh, first.margin, first.inconclusive, {
    among: again,
    correlation: correlationOver(asked, head, fresh),
  });
  const cells = first.cells.flatMap((cell) =>
    again(cell) ? (judged.cells.find((one) => sameCell(one, cell)) ?? []) : cell,
  );
  const gate = {
    ...first,
    cells,
    missing: [...first.missing, ...judged.missing],
    whole: first.whole && judged.whole,
    warnings: [
      ...first.warnings,
      {
        code: 'confirmed',
        text: `looked slower or inconclusive, and are judged by ${blocks} fresh ${blocks === 1 ? 'block' : 'blocks'} alone: ${listed(asked.map(nameOf))}`,
      },
    ],
  };
  return { ...gate, outcome: outcomeOf(cells, isLacking(gate)) };
}

/** HEAD's blocks and the fresh ones as one series, for those cells that have most of them. */
function correlationOver(asked: readonly CellName[], head: Results, fresh: Results): number | undefined {
  const together = head.cells.map((cell): Cell => {
    const more = fresh.cells.find((one) => sameCell(one, cell));
    return { ...cell, trials: [...cell.trials, ...(more?.trials ?? [])] };
  });
  const series = together
    .filter((cell) => asked.some((one) => sameCell(one, cell)))
    .map((cell) => blockLogsOf(armsOf(head), together, cell).values);
  const longest = Math.max(0, ...series.map(({ length }) => length));
  return sharedCorrelation(
    series.filter(({ length }) => length === longest),
    bootstrapSeed(head.seed),
  );
}
