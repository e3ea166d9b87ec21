import { jainIndex } from '../statistics/fairness.ts';
import { geometricMean } from '../statistics/moments.ts';
import type { Cell, Results } from './results.ts';

/** One number of guests in a family of modes that differ in nothing else. */
export interface Sharing {
  /** Modes of one family have the same options. */
  family: string;
  mode: string;
  workload: string;
  metric: string;
  guests: number;
  /** What all guests together get done, against the family’s smallest number of guests. */
  aggregate: number;
  /** Jain’s index of what each got done; 1 for one guest. */
  fairness: number;
}

/** Cells of modes on several guests, with those of the same options on fewer, by number of guests. */
export function sharingOf({ cells, specification }: Results): Sharing[] {
  const shares = cells.flatMap((cell) => {
    const spec = specification.modes[cell.mode];
    const trials = cell.trials.filter(({ values }) => values.length > 0);
    if (spec === undefined || trials.length === 0) return [];
    const { targets, ...options } = spec;
    const guests = Number(targets);
    return [{ cell, guests, family: JSON.stringify(options), rate: rateOf(cell, guests) }];
  });
  const shared = new Set(shares.filter(({ guests }) => guests > 1).map(({ family }) => family));
  return shares
    .filter(({ family }) => shared.has(family))
    .map(({ cell, guests, family, rate }) => {
      const alike = shares.filter(
        (one) =>
          one.family === family && one.cell.workload === cell.workload && one.cell.metric === cell.metric,
      );
      const fewest = alike.reduce((least, one) => (one.guests < least.guests ? one : least));
      const { mode, workload, metric } = cell;
      const aggregate = rate / fewest.rate;
      const first = shares.find((one) => one.family === family)?.cell.mode ?? mode;
      return { family: first, mode, workload, metric, guests, aggregate, fairness: fairnessOf(cell) };
    })
    .sort((a, b) => a.guests - b.guests);
}

/** What is done in a unit of time by all guests: their sum already, or, of what each waits for, guests ÷ mean. */
function rateOf({ better, trials }: Cell, guests: number): number {
  const figure = geometricMean(trials.flatMap(({ values }) => values));
  return better === 'higher' ? figure : guests / figure;
}

function fairnessOf({ better, trials }: Cell): number {
  const samples = new Map<string, number[]>();
  for (const { guests } of trials)
    for (const [guest, values] of Object.entries(guests))
      samples.set(guest, [...(samples.get(guest) ?? []), ...values]);
  if (samples.size < 2) return 1;
  const rates = [...samples.values()].map(geometricMean);
  return jainIndex(better === 'higher' ? rates : rates.map((time) => 1 / time));
}
