import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import { median } from '../statistics/quantile.ts';
import { completedTrials, measuredRuns } from './samples.ts';
import type { Warning } from './warning.ts';

/** A larger share of a figure than this is a bias against the mode with the dearer clock. */
const NOTABLE = 0.01;

/** Cells of which the programs say that too much of a figure is what reading the clock took: the median of their samples. */
export function dearClocks(plan: Plan, record: RunRecord): Warning[] {
  const shares = new Map<
    string,
    { mode: string; workload: string; targets: Set<string>; values: number[] }
  >();
  for (const { trial, table } of completedTrials(plan, record)) {
    const key = `${trial.mode}/${trial.workload}`;
    const cell = shares.get(key) ?? { ...trial, targets: new Set<string>(), values: [] };
    shares.set(key, cell);
    for (const { target, from, to } of measuredRuns(table)) {
      const told = Array.from({ length: to - from }, (_, at) => table.clockShares.at(from + at));
      cell.values.push(...told.filter((share) => !Number.isNaN(share)));
      cell.targets.add(target);
    }
  }
  return [...shares.values()].flatMap(({ mode, workload, targets, values }) => {
    const share = values.length === 0 ? 0 : median(values);
    if (share <= NOTABLE) return [];
    const clocks = [...targets].map((name) => `${name}: ${record.clocksources.get(name) ?? 'unknown'}`);
    const text =
      `${mode}, ${workload}: ${(share * 100).toFixed(1)}% of its time is what reading the clock took (clocksource of ${clocks.join(', ')}). ` +
      'Give it a cheaper one, as with tsc=reliable on Linux’s command line, or have a run do more work';
    return [{ code: 'dear-clock', text }];
  });
}
