import type { Plan } from '../plan/plan.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { MetricColumn, SampleTable } from '../record/sample-table.ts';
import { completedTrials } from './samples.ts';
import type { Cell } from './results.ts';

/** The iterations of a completed trial, in logs, from the first warm-up run on. */
export interface Iterations {
  mode: string;
  workload: string;
  metric: string;
  better: Cell['better'];
  /** How many of them are warm-up. */
  warmup: number;
  values: number[];
}

/** Every iteration of every completed trial, by trial and metric, including warm-ups. */
export function* iterationsOf(plan: Plan, record: RunRecord): Generator<Iterations> {
  for (const { trial, table } of completedTrials(plan, record))
    for (const [metric, column] of table.metrics) {
      const { mode, workload } = trial;
      yield { mode, workload, metric, better: column.better, ...logsOf(table, column) };
    }
}

/** The mean log of each sample, over its guests and their readings. */
function logsOf(table: SampleTable, { values: column }: MetricColumn): Pick<Iterations, 'warmup' | 'values'> {
  const values: number[] = [];
  let warmup = 0;
  let [sample, sum, n] = [-1, 0, 0];
  const addSample = () => {
    if (n === 0) return;
    values.push(sum / n);
    if (table.isWarmup(sample)) warmup++;
    [sum, n] = [0, 0];
  };
  for (const run of table.guestRuns()) {
    if (run.sample !== sample) addSample();
    sample = run.sample;
    for (let row = run.from; row < run.to; row++) {
      const value = column.at(row);
      if (Number.isNaN(value)) continue;
      sum += Math.log(value);
      n++;
    }
  }
  addSample();
  return { warmup, values };
}
