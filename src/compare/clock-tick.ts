import type { RunRecord } from '../record/run-record.ts';
import type { SampleTable } from '../record/sample-table.ts';
import type { Cell } from './results.ts';
import { measuredRuns, unitNsOf, valuesIn } from './samples.ts';

/** By how much a figure and the duration it was derived from may differ, as a share. */
const ROUNDING = 1e-9;

/**
 * The coarsest tick of the guests' clocks, in the metric's unit, if the metric is the duration of a run by
 * those clocks. Null otherwise.
 */
export function clockTickOf(
  tables: readonly SampleTable[],
  cell: Pick<Cell, 'metric' | 'unit' | 'better'>,
  targets: RunRecord['targets'],
): number | null {
  const unitNs = unitNsOf(cell);
  if (unitNs === undefined) return null;
  let tickNs = 0;
  for (const table of tables) {
    const column = table.metrics.get(cell.metric);
    for (const run of measuredRuns(table)) {
      const [value = NaN, ...others] = column === undefined ? [] : valuesIn(column, run);
      const off = Math.abs(value * unitNs - run.durationNs);
      if (others.length > 0 || !(off <= ROUNDING * run.durationNs)) return null;
      tickNs = Math.max(tickNs, targets.get(run.target)?.clock.tickNs ?? 0);
    }
  }
  return tickNs === 0 ? null : tickNs / unitNs;
}
