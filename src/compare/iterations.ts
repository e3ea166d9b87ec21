import type { Plan } from '../plan/plan.ts';
import type { Event } from '../record/event.ts';
import { completedSamples } from './samples.ts';
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
  const found = new Map<string, Iterations>();
  const planned = new Map(plan.trials.map((trial) => [trial.id, trial]));
  for (const sample of completedSamples(events)) {
    const trial = planned.get(sample.trial);
    if (trial === undefined) continue;
    const sums = new Map<string, { better: Cell['better']; sum: number; n: number }>();
    for (const { name, better, value } of sample.guests.flatMap(({ readings }) =>
      readings.flatMap(({ metrics }) => metrics),
    )) {
      const { sum, n } = sums.get(name) ?? { sum: 0, n: 0 };
      sums.set(name, { better, sum: sum + Math.log(value), n: n + 1 });
    }
    for (const [metric, { better, sum, n }] of sums) {
      const { mode, workload } = trial;
      const key = JSON.stringify([trial.id, metric]);
      const fresh = { mode, workload, metric, better, warmup: 0, values: [] };
      const entry: Iterations = found.get(key) ?? fresh;
      found.set(key, entry);
      if (sample.warmup) entry.warmup++;
      entry.values.push(sum / n);
    }
  }
  return [...found.values()];
}
