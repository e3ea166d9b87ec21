import { unitsOf, unitValue } from '../statistics/pairs.ts';
import type { Cell, Results } from './results.ts';

/** How a cell of one run stands, a figure a block, in logs, where more is always better. */
export interface BlockLogs {
  /** `relative` to the baseline of its own run, paired by block; `raw` for the baseline itself. */
  kind: 'relative' | 'raw';
  values: Float64Array;
}

/** Empty where the mode shares no block with the baseline. */
export function blockLogsOf(results: Pick<Results, 'baseline' | 'cells'>, cell: Cell): BlockLogs {
  const sign = cell.better === 'higher' ? 1 : -1;
  const logs = (pairs: Parameters<typeof unitsOf>[0]) =>
    pairs.length === 0
      ? new Float64Array()
      : Float64Array.from(unitsOf(pairs), (unit) => sign * unitValue(unit));
  if (cell.mode === results.baseline)
    return { kind: 'raw', values: logs(cell.trials.map(({ values }) => ({ mode: values, baseline: 1 }))) };
  const baseline = results.cells.find(
    ({ mode, workload, metric }) =>
      mode === results.baseline && workload === cell.workload && metric === cell.metric,
  );
  const beside = new Map(baseline?.trials.map(({ block, values }) => [block, values]));
  const pairs = cell.trials.flatMap(({ block, values }) => {
    const other = beside.get(block);
    return other === undefined ? [] : [{ mode: values, baseline: other }];
  });
  return { kind: 'relative', values: logs(pairs) };
}
