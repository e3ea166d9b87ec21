import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import { median } from '../statistics/quantile.ts';
import { completedTrials, measuredRuns } from './samples.ts';
import type { Warning } from './warning.ts';

/** A larger share of a figure than this biases the comparison against the mode with the slower clock. */
const NOTABLE = 0.01;

/**
 * Cells whose programs report that reading the clock took too much of a figure: the median of their samples.
 */
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
      `${mode}, ${workload}: ${(share * 100).toFixed(1)}% of its time was spent reading the clock (clocksource of ${clocks.join(', ')}). ` +
      'Use a faster clocksource, for example with tsc=reliable on the kernel command line, or have a run do more work';
    return [{ code: 'dear-clock', text }];
  });
}

/** A clock that is further off than this share is wrong: every figure in time is off by as much. */
const DRIFT = 0.001;

/**
 * Targets whose clocks run faster or slower than ours by more than network delays explain, over all of their
 * stays.
 */
export function driftingClocks({ visits }: Pick<RunRecord, 'visits'>): Warning[] {
  const sums = new Map<string, { theirsS: number; oursS: number; withinS: number }>();
  for (const { target, theirsS, oursS, withinS } of visits.flatMap(({ clocks }) => clocks)) {
    const sum = sums.get(target) ?? { theirsS: 0, oursS: 0, withinS: 0 };
    sums.set(target, {
      theirsS: sum.theirsS + theirsS,
      oursS: sum.oursS + oursS,
      withinS: sum.withinS + withinS,
    });
  }
  return [...sums].flatMap(([target, { theirsS, oursS, withinS }]) => {
    const off = theirsS - oursS;
    const share = Math.abs(off) / oursS;
    if (!(Math.abs(off) > withinS) || share <= DRIFT) return [];
    const text =
      `the clock of ${target} ran ${(share * 100).toPrecision(2)}% ${off > 0 ? 'fast' : 'slow'} compared with ours over ${oursS.toFixed(0)} s ` +
      `(known within ${((withinS / oursS) * 100).toPrecision(2)}%), so its times are off by as much. Use a clocksource that its hypervisor keeps in step, and let NTP correct it before the run`;
    return [{ code: 'clock-drift', text }];
  });
}
