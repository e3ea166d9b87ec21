import type { Plan } from '../plan/plan.ts';
import type { Column } from '../record/column.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { MetricColumn, SampleTable } from '../record/sample-table.ts';
import { MOST_NAMES } from '../words/told.ts';
import { bootsOf } from './boots.ts';
import { clockTickOf } from './clock-tick.ts';
import type { Cell } from './results.ts';
import { completedTable, measuredRuns, phasesNs, timeNs, valuesIn } from './samples.ts';

export interface CellWithWork {
  cell: Cell;
  /** Mean over the readings, by kind. */
  crossings: Record<string, number>;
  hypercalls: Record<string, number>;
  /** Mean number of operations per reading; null if some readings do not report it. */
  operations: number | null;
  /** Mean time of a reading in a guest, in ns; null if some have no time. */
  workNs: number | null;
  /**
   * The tick of the guests' clock, in the metric's unit, if the metric is a duration by that clock; else
   * null.
   */
  clockTick: number | null;
}

/** The samples of completed trials by mode, workload and metric, in the order of the plan's first block. */
export function cellsOf(plan: Plan, record: RunRecord): CellWithWork[] {
  const bootOf = bootsOf(plan, record);
  const cells = new Map<string, { cell: Cell; of: SampleTable[] }>();
  const counts = new Map<string, number>();
  for (const { id, block, mode, workload } of plan.trials) {
    const table = completedTable(record, id);
    if (table === undefined) continue;
    for (const [metric, column] of table.metrics) {
      const figures = figuresOf(table, column);
      // A metric that some guest never printed does not exist for the guests as a group.
      if (figures.values.length === 0) continue;
      const key = JSON.stringify([mode, workload, metric]);
      const { unit, better } = column;
      let entry = cells.get(key);
      if (entry === undefined) {
        const beside = JSON.stringify([mode, workload]);
        const count = counts.get(beside) ?? 0;
        if (count === MOST_NAMES) continue;
        counts.set(beside, count + 1);
        entry = { cell: { mode, workload, metric, unit, better, phases: {}, trials: [] }, of: [] };
        cells.set(key, entry);
      }
      const wall = record.trials.get(id)?.startedWall ?? '';
      entry.cell.trials.push({ trial: id, block, wall, boot: bootOf(mode, block), ...figures });
      entry.of.push(table);
    }
  }
  return [...cells.values()].map(({ cell, of }) => ({
    cell: { ...cell, phases: meanOf(of, 'phases') },
    crossings: meanOf(of, 'crossings'),
    hypercalls: meanOf(of, 'hypercalls'),
    operations: operationsOf(of),
    workNs: workOf(of, cell.metric),
    clockTick: clockTickOf(of, cell, record.targets),
  }));
}

/** A metric's samples in order: combined over guests and, if there are several, for each guest. */
function figuresOf(
  table: SampleTable,
  column: MetricColumn,
): Pick<Cell['trials'][number], 'values' | 'guests'> {
  const values: number[] = [];
  const guests: Record<string, number[]> = {};
  let sample: number | undefined;
  let rows: number[][] = [];
  const addSample = () => {
    const readings = Math.min(...rows.map((row) => row.length));
    for (let at = 0; at < readings && rows.length > 0; at++)
      values.push(
        together(
          rows.map((row) => row[at] ?? 0),
          column.better,
        ),
      );
    rows = [];
  };
  for (const run of measuredRuns(table)) {
    if (run.sample !== sample) addSample();
    sample = run.sample;
    const own = valuesIn(column, run);
    rows.push(own);
    if (table.targets.length === 1) continue;
    const known = Object.hasOwn(guests, run.target) ? guests[run.target] : undefined;
    // Appended to in place: copying for each sample would take quadratic time.
    if (known === undefined) guests[run.target] = own.slice();
    else known.push(...own);
  }
  addSample();
  return { values, guests };
}

/** Guests that run together: amounts of work add up, waiting times are averaged. */
function together(values: readonly number[], better: 'higher' | 'lower'): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return better === 'higher' ? sum : sum / values.length;
}

function workOf(tables: readonly SampleTable[], metric: string): number | null {
  let [ns, readings] = [0, 0];
  for (const table of tables) {
    const column = table.metrics.get(metric);
    if (column === undefined) return null;
    for (const run of measuredRuns(table)) {
      const values = valuesIn(column, run);
      // For a process, the phases are the work; starting it and preparing its input are not.
      const time = timeNs(column, values, { ...run, durationNs: phasesNs(table, run) || run.durationNs });
      if (time === null) return null;
      ns += time;
      readings += values.length;
    }
  }
  return readings === 0 ? null : ns / readings;
}

function operationsOf(tables: readonly SampleTable[]): number | null {
  let [sum, readings] = [0, 0];
  for (const table of tables)
    for (const { from, to } of measuredRuns(table))
      for (let row = from; row < to; row++, readings++) sum += table.operations.at(row);
  return readings === 0 || Number.isNaN(sum) ? null : sum / readings;
}

/** The mean over all readings except warm-ups, by name. A name that a reading lacks counts as 0. */
function meanOf(
  tables: readonly SampleTable[],
  what: 'phases' | 'crossings' | 'hypercalls',
): Record<string, number> {
  const sums = new Map<string, number>();
  let readings = 0;
  for (const table of tables) {
    for (const { from, to } of measuredRuns(table)) readings += to - from;
    for (const [name, column] of table[what])
      if (sums.has(name) || sums.size < MOST_NAMES) addTo(sums, name, table, column);
  }
  return Object.fromEntries([...sums].map(([name, sum]) => [name, sum / readings]));
}

function addTo(sums: Map<string, number>, name: string, table: SampleTable, column: Column): void {
  for (const { from, to } of measuredRuns(table)) {
    for (let row = from; row < to; row++) {
      const value = column.at(row);
      if (!Number.isNaN(value)) sums.set(name, (sums.get(name) ?? 0) + value);
    }
  }
}
