import type { Plan, PlannedTrial } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { GuestRows, MetricColumn, SampleTable } from '../record/sample-table.ts';

/** A trial that figures may be based on, with the samples of the attempt that completed. */
export interface CompletedTrial {
  trial: PlannedTrial;
  table: SampleTable;
}

/** The completed trials, in the order in which they ran. */
export function* completedTrials(plan: Plan, record: RunRecord): Generator<CompletedTrial> {
  const planned = new Map(plan.trials.map((trial) => [trial.id, trial]));
  for (const [id, { outcome, table }] of record.trials) {
    const trial = planned.get(id);
    if (trial !== undefined && outcome?.kind === 'completed') yield { trial, table };
  }
}

/** The samples of a trial that figures may be based on; undefined if it did not complete. */
export function completedTable({ trials }: RunRecord, id: string): SampleTable | undefined {
  const trial = trials.get(id);
  return trial?.outcome?.kind === 'completed' ? trial.table : undefined;
}

/** Every guest's run that is not warm-up, in order. */
export function* measuredRuns(table: SampleTable): Generator<GuestRows> {
  for (const run of table.guestRuns()) if (!run.warmup) yield run;
}

/** The values of a metric that a guest's run printed, one for each reading that has it. */
export function valuesIn({ values }: MetricColumn, { from, to }: GuestRows): number[] {
  const found: number[] = [];
  for (let row = from; row < to; row++) {
    const value = values.at(row);
    if (!Number.isNaN(value)) found.push(value);
  }
  return found;
}

const UNIT_NS: Readonly<Record<string, number>> = {
  ...{ ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9 },
};

/** The ns of a metric's unit, if the metric is a time where lower is better: a latency or a duration. */
export function unitNsOf({ unit, better }: Pick<MetricColumn, 'unit' | 'better'>): number | undefined {
  return better === 'lower' && Object.hasOwn(UNIT_NS, unit) ? UNIT_NS[unit] : undefined;
}

/**
 * The time of the readings of a guest's run, in ns: from the metric if it is a time, else from the guest's
 * clock. Null if unknown, or if there are none.
 */
export function timeNs(
  metric: Pick<MetricColumn, 'unit' | 'better'>,
  values: readonly number[],
  { durationNs }: GuestRows,
): number | null {
  if (values.length === 0) return null;
  const unitNs = unitNsOf(metric);
  if (unitNs !== undefined) return unitNs * values.reduce((sum, value) => sum + value, 0);
  return Number.isNaN(durationNs) ? null : durationNs;
}

/**
 * The total of the phases that the program reported for its readings, in ns; 0 if it reported none for some.
 */
export function phasesNs({ phases }: Pick<SampleTable, 'phases'>, { from, to }: GuestRows): number {
  let ns = 0;
  for (let row = from; row < to; row++) {
    let own = 0;
    for (const column of phases.values()) own += Number.isNaN(column.at(row)) ? 0 : column.at(row);
    if (own === 0) return 0;
    ns += own;
  }
  return ns;
}
