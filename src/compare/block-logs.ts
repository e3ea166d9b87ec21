import { type Arms, baselineOf } from '../experiment/baseline.ts';
import { type Unit, unitsOf, unitValue } from '../statistics/pairs.ts';
import { sameCell } from './cell-name.ts';
import type { Cell } from './results.ts';

/** A block that both a cell and its baseline have, with the boots of both if known. */
export interface BlockPair {
  block: number;
  mode: number[];
  baseline: number[];
  boot?: string;
}

/** The figures of one arm in its blocks. */
export type Blocks = readonly Pick<Cell['trials'][number], 'block' | 'values' | 'boot'>[];

/** Two blocks belong to the same boot if neither arm was booted between them. */
export function pairsOf(mode: Blocks, baseline: Blocks): BlockPair[] {
  const beside = new Map(baseline.map((trial) => [trial.block, trial]));
  return mode.flatMap(({ block, values, boot }) => {
    const other = beside.get(block);
    if (other === undefined) return [];
    const known = boot === null || other.boot === null ? {} : { boot: `${boot} / ${other.boot}` };
    return [{ block, mode: values, baseline: other.values, ...known }];
  });
}

/** The number of boots; null if unknown. */
export function bootsIn(pairs: readonly BlockPair[]): number | null {
  const boots = new Set(pairs.map(({ boot }) => boot));
  return pairs.length === 0 || boots.has(undefined) ? null : boots.size;
}

/** The same metric of the same workload in another mode. */
export function cellIn(other: string, cell: Cell, cells: readonly Cell[]): Cell | undefined {
  return cells.find((one) => sameCell(one, { ...cell, mode: other }));
}

/** The values of a cell in one run, in logs, where more is always better. */
export interface BlockLogs {
  /** `relative` to the mode's baseline in its own run, paired by block; `raw` for a baseline itself. */
  kind: 'relative' | 'raw';
  blocks: number;
  /** The independent unit: boots if there are several, else blocks. */
  units: Unit[];
  /** The units’ means. */
  values: Float64Array;
}

/** Empty if the mode shares no block with its baseline. */
export function blockLogsOf(arms: Arms, cells: readonly Cell[], cell: Cell): BlockLogs {
  const baseline = baselineOf(cell.mode, arms);
  const raw = baseline === undefined;
  const pairs = raw
    ? cell.trials.map(({ values, boot }) => ({
        mode: values,
        baseline: 1,
        ...(boot === null ? {} : { boot }),
      }))
    : pairsOf(cell.trials, cellIn(baseline, cell, cells)?.trials ?? []);
  const sign = cell.better === 'higher' ? 1 : -1;
  const units = (pairs.length === 0 ? [] : unitsOf(pairs)).map((unit) =>
    unit.map((block) => ({ ...block, value: sign * block.value })),
  );
  return {
    kind: raw ? 'raw' : 'relative',
    blocks: pairs.length,
    units,
    values: Float64Array.from(units, unitValue),
  };
}
