import type { Plan, PlannedTrial } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { GuestRows, MetricColumn, SampleTable } from '../record/sample-table.ts';

/** A trial that figures may rest on, with the samples of the attempt that completed. */
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

/** The samples of a trial that figures may rest on; undefined where it did not complete. */
export function completedTable({ trials }: RunRecord, id: string): SampleTable | undefined {
  const trial = trials.get(id);
  return trial?.outcome?.kind === 'completed' ? trial.table : undefined;
}

/** Every guest's run that is no warm-up, in order. */
export function* measuredRuns(table: SampleTable): Generator<GuestRows> {
  for (const run of table.guestRuns()) if (!run.warmup) yield run;
}

/** What a guest's run printed of a metric, a value for each reading that has it. */
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

/** The ns of a metric's unit, where the metric is a time that is better the less it is: a latency or a duration. */
export function unitNsOf({ unit, better }: Pick<MetricColumn, 'unit' | 'better'>): number | undefined {
  return better === 'lower' && Object.hasOwn(UNIT_NS, unit) ? UNIT_NS[unit] : undefined;
}

/**
 * What the readings of a guest's run took, in ns: by the metric where it is a time, else by the guest's clock. Null
 * where it is not known, or there are none.
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

/** What the program told of its readings' phases, in ns, all together; 0 where it told none of some. */
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
