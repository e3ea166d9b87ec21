import type { Plan } from '../plan/plan.ts';
import type { Event } from '../record/event.ts';
import { type Sample, completedSamples } from './samples.ts';
import type { Cell } from './results.ts';

/** What the iterations of a completed trial came to, in logs, from the first warm-up run on. */
export interface Iterations {
  mode: string;
  workload: string;
  metric: string;
  better: Cell['better'];
  /** How many of them are warm-up. */
  warmup: number;
  values: number[];
}

/** Every iteration of every completed trial, by trial and metric, warm-ups included. */
export function iterationsOf(plan: Plan, events: readonly Event[]): Iterations[] {
  const found = new Map<string, Map<string, Iterations>>();
  const planned = new Map(plan.trials.map((trial) => [trial.id, trial]));
  for (const sample of completedSamples(events)) {
    const trial = planned.get(sample.trial);
    if (trial === undefined) continue;
    const own = found.get(trial.id) ?? new Map<string, Iterations>();
    found.set(trial.id, own);
    for (const [metric, { better, sum, n }] of logsOf(sample)) {
      const { mode, workload } = trial;
      const entry = own.get(metric) ?? { mode, workload, metric, better, warmup: 0, values: [] };
      own.set(metric, entry);
      if (sample.warmup) entry.warmup++;
      entry.values.push(sum / n);
    }
  }
  return [...found.values()].flatMap((own) => [...own.values()]);
}

/** The logs of a sample's metrics, summed over its guests and their readings. */
function logsOf({ guests }: Sample): Map<string, { better: Cell['better']; sum: number; n: number }> {
  const logs = new Map<string, { better: Cell['better']; sum: number; n: number }>();
  for (const { readings } of guests)
    for (const { metrics } of readings)
      for (const { name, better, value } of metrics) {
        const known = logs.get(name);
        if (known === undefined) logs.set(name, { better, sum: Math.log(value), n: 1 });
        else {
          known.sum += Math.log(value);
          known.n++;
        }
      }
  return logs;
}
