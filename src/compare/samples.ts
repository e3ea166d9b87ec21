import type { Event, EventOf, GuestSample } from '../record/event.ts';
import { progressOf } from '../record/progress.ts';

export type Sample = EventOf<'sample'>;

/** The samples of completed trials, of the attempt that completed, in the journal's order, warm-ups included. */
export function* completedSamples(events: readonly Event[]): Generator<Sample> {
  const { trials } = progressOf(events);
  for (const event of events) {
    if (event.type !== 'sample') continue;
    const seen = trials.get(event.trial);
    if (seen?.outcome?.kind === 'completed' && seen.attempt === event.attempt) yield event;
  }
}

/** The same by the trial's id, without warm-ups. */
export function samplesOf(events: readonly Event[]): Map<string, Sample[]> {
  const samples = new Map<string, Sample[]>();
  for (const sample of completedSamples(events)) {
    if (sample.warmup) continue;
    const kept = samples.get(sample.trial);
    if (kept === undefined) samples.set(sample.trial, [sample]);
    else kept.push(sample);
  }
  return samples;
}

const UNIT_NS: Readonly<Record<string, number>> = {
  ...{ ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9 },
};

/** A metric of one guest's run of the workload. */
export interface GuestRunFigures {
  unit: string;
  better: 'higher' | 'lower';
  /** One a reading. */
  values: number[];
  /** What all its readings took, in ns: by the metric where it is a time, else by the guest's clock; or null. */
  ns: number | null;
}

/** Undefined where the guest did not print it. */
export function figuresIn(guest: GuestSample, name: string): GuestRunFigures | undefined {
  const found = guest.readings.flatMap(({ metrics }) => metrics.filter((metric) => metric.name === name));
  const [first] = found;
  if (first === undefined) return undefined;
  const { unit, better } = first;
  const values = found.map(({ value }) => value);
  const unitNs = better === 'lower' && Object.hasOwn(UNIT_NS, unit) ? UNIT_NS[unit] : undefined;
  const ns = unitNs === undefined ? guest.durationNs : unitNs * values.reduce((sum, value) => sum + value, 0);
  return { unit, better, values, ns };
}
