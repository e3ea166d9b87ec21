import type { Plan } from '../plan/plan.ts';
import type { Event, GuestSample } from '../record/event.ts';
import { bootsOf } from './boots.ts';
import type { Cell } from './results.ts';
import { type Sample, figuresIn, samplesOf } from './samples.ts';

/** A metric of one sample, over all its readings and guests. */
interface Figures {
  metric: string;
  unit: string;
  better: 'higher' | 'lower';
  values: number[];
  guests: Record<string, number[]>;
}

export interface CellWithWork {
  cell: Cell;
  /** Mean over the readings, by kind. */
  crossings: Record<string, number>;
  /** Mean time of a reading in a guest, in ns; null where some was not taken. */
  workNs: number | null;
}

/** The samples of completed trials by mode, workload and metric, in the order of the plan's first block. */
export function cellsOf(plan: Plan, events: readonly Event[]): CellWithWork[] {
  const samples = samplesOf(events);
  const started = new Map<string, string>();
  for (const event of events)
    if (event.type === 'trial-started' && !started.has(event.trial)) started.set(event.trial, event.wall);
  const bootOf = bootsOf(plan, events);
  const cells = new Map<string, { cell: Cell; of: Sample[] }>();
  for (const trial of plan.trials) {
    const taken = samples.get(trial.id) ?? [];
    for (const { metric, unit, better, values, guests } of figuresOf(taken)) {
      const key = JSON.stringify([trial.mode, trial.workload, metric]);
      const fresh = (): { cell: Cell; of: Sample[] } => ({
        cell: { mode: trial.mode, workload: trial.workload, metric, unit, better, phases: {}, trials: [] },
        of: [],
      });
      const entry = cells.get(key) ?? cells.set(key, fresh()).get(key) ?? fresh();
      entry.cell.trials.push({
        trial: trial.id,
        block: trial.block,
        wall: started.get(trial.id) ?? '',
        boot: bootOf(trial.mode, trial.block),
        values,
        guests,
      });
      for (const sample of taken) entry.of.push(sample);
    }
  }
  return [...cells.values()].map(({ cell, of }) => ({
    cell: { ...cell, phases: meanOf(of, 'phases') },
    crossings: meanOf(of, 'crossings'),
    workNs: workOf(of, cell.metric),
  }));
}

/** The figures of a trial, a metric each. */
function figuresOf(samples: readonly Sample[]): Figures[] {
  const found = new Map<string, Figures>();
  for (const { guests } of samples) {
    const perGuest = guests.map((guest) => ({ target: guest.target, metrics: metricsOf(guest) }));
    for (const [name, first] of perGuest[0]?.metrics ?? []) {
      const { unit, better } = first;
      const figures = found.get(name) ?? { metric: name, unit, better, values: [], guests: {} };
      found.set(name, figures);
      const columns = perGuest.map(({ metrics }) => metrics.get(name)?.values ?? []);
      const rows = Math.min(...columns.map((column) => column.length));
      for (let row = 0; row < rows; row++)
        figures.values.push(
          together(
            columns.map((column) => column[row] ?? 0),
            better,
          ),
        );
      if (perGuest.length > 1)
        perGuest.forEach(({ target }, index) => {
          // Appended to: copied for each sample, a trial's time would grow with their square.
          const own = Object.hasOwn(figures.guests, target) ? figures.guests[target] : undefined;
          if (own === undefined) figures.guests[target] = [...(columns[index] ?? [])];
          else own.push(...(columns[index] ?? []));
        });
    }
  }
  // A metric that some guest never printed is none of the set of guests.
  return [...found.values()].filter(({ values }) => values.length > 0);
}

/** Guests that run together: what they get done adds up, what each waits for does not. */
function together(values: readonly number[], better: 'higher' | 'lower'): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return better === 'higher' ? sum : sum / values.length;
}

function metricsOf(
  guest: GuestSample,
): Map<string, { unit: string; better: 'higher' | 'lower'; values: number[] }> {
  const found = new Map<string, { unit: string; better: 'higher' | 'lower'; values: number[] }>();
  for (const { name, unit, better, value } of guest.readings.flatMap(({ metrics }) => metrics)) {
    const entry = found.get(name);
    if (entry === undefined) found.set(name, { unit, better, values: [value] });
    else entry.values.push(value);
  }
  return found;
}

function workOf(samples: readonly Sample[], metric: string): number | null {
  let [ns, readings] = [0, 0];
  for (const { guests } of samples)
    for (const guest of guests) {
      const found = figuresIn(guest, metric);
      if (found?.ns == null) return null;
      ns += found.ns;
      readings += found.values.length;
    }
  return readings === 0 ? null : ns / readings;
}

/** The mean over all readings, by name. A name that some readings lack counts as 0 there. */
function meanOf(samples: readonly Sample[], what: 'phases' | 'crossings'): Record<string, number> {
  const sums = new Map<string, number>();
  let readings = 0;
  for (const { guests } of samples)
    for (const guest of guests)
      for (const reading of guest.readings) {
        readings++;
        for (const [name, value] of Object.entries(reading[what]))
          sums.set(name, (sums.get(name) ?? 0) + value);
      }
  return Object.fromEntries([...sums].map(([name, sum]) => [name, sum / readings]));
}
