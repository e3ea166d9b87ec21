import { type Arms, baselineOf } from '../experiment/baseline.ts';
import { type Unit, strataOf, unitsOf, unitValue } from '../statistics/pairs.ts';
import type { Strata } from '../statistics/strata.ts';
import { sameCell } from './cell-name.ts';
import type { Cell } from './results.ts';

/** A block that a cell and its baseline both have, with the boots of both where they are known, and its node as the stratum. */
export interface BlockPair {
  block: number;
  mode: number[];
  baseline: number[];
  boot?: string;
  stratum?: string;
}

/** The figures of one side in its blocks. */
export type Blocks = readonly Pick<Cell['trials'][number], 'block' | 'values' | 'boot' | 'node'>[];

/** Two blocks belong to the same boot if neither arm was booted between them. */
export function pairsOf(mode: Blocks, baseline: Blocks): BlockPair[] {
  const beside = new Map(baseline.map((trial) => [trial.block, trial]));
  return mode.flatMap(({ block, values, boot, node }) => {
    const other = beside.get(block);
    if (other === undefined) return [];
    const known = boot === null || other.boot === null ? {} : { boot: `${boot} / ${other.boot}` };
    return [{ block, mode: values, baseline: other.values, ...known, ...stratumOf(node) }];
  });
}

function stratumOf(node: string | undefined): Pick<BlockPair, 'stratum'> {
  return node === undefined ? {} : { stratum: node };
}

/** How many boots there were; null where it isn't known. */
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
  /** That they were aligned in. */
  strata: Strata | undefined;
}

/** Empty if the mode shares no block with its baseline. */
export function blockLogsOf(arms: Arms, cells: readonly Cell[], cell: Cell): BlockLogs {
  const baseline = baselineOf(cell.mode, arms);
  const raw = baseline === undefined;
  const pairs = raw
    ? cell.trials.map(({ values, boot, node }) => ({
        mode: values,
        baseline: 1,
        ...(boot === null ? {} : { boot }),
        ...stratumOf(node),
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
    strata: strataOf(units),
  };
}
