import { z } from 'zod';
import { baselineOf } from '../experiment/baseline.ts';
import type { Experiment } from '../experiment/schema.ts';
import { type HardwareCosts, hardwareCostsOf } from '../mode/hardware-costs.ts';
import { modeKindOf } from '../mode/kinds.ts';
import { nameOf } from './cell-name.ts';
import type { CellWithWork } from './cells.ts';
import { inSuite } from './suites.ts';

export const modelledSchema = z.object({
  mode: z.string(),
  baseline: z.string(),
  workload: z.string(),
  metric: z.string(),
  low: z.number(),
  high: z
    .number()
    .describe(
      'The range of its relative performance, above 1 is better: the baseline’s time ÷ (that time plus its crossings, at the highest and at the lowest cost).',
    ),
});

export type Modelled = z.output<typeof modelledSchema>;

export const hardwareCostsRecord = z
  .record(
    z.string(),
    z.record(z.string(), z.object({ low: z.number(), high: z.number(), source: z.string() })),
  )
  .default({})
  .describe('By mode and kind of crossing or page, in ns: the costs behind the modelled range.');

/** The assumed cost of each mode's crossings on hardware, for modes that have one. */
export function hardwareCostsIn({ modes }: Pick<Experiment, 'modes'>): Record<string, HardwareCosts> {
  return Object.fromEntries(
    Object.entries(modes).flatMap(([name, spec]) => {
      const costs = hardwareCostsOf(modeKindOf(spec).hardwareCosts, spec['hardware-costs']);
      return costs === undefined ? [] : [[name, costs]];
    }),
  );
}

/**
 * Performance on hardware, modelled from counts: the baseline's time, plus each crossing and page at its
 * assumed cost. Counts carry over from one machine to another; times do not. For each workload's first metric
 * that counts towards the suite, because crossings are counted per reading, in modes whose baseline does not
 * cross itself.
 */
export function modelledOf(
  experiment: Pick<Experiment, 'modes' | 'baseline' | 'workloads'>,
  cells: readonly CellWithWork[],
): Modelled[] {
  const costs = hardwareCostsIn(experiment);
  const met = new Set<string>();
  const byName = new Map(cells.map((one) => [nameOf(one.cell), one]));
  return inSuite(cells, experiment).flatMap(({ cell, crossings, hypercalls }) => {
    const arm = nameOf({ ...cell, metric: '' });
    if (met.has(arm)) return [];
    met.add(arm);
    const [own, baseline] = [costs[cell.mode], baselineOf(cell.mode, experiment)];
    if (own === undefined || baseline === undefined) return [];
    const base = byName.get(nameOf({ ...cell, mode: baseline }));
    if (base?.workNs == null || base.workNs === 0 || Object.keys(base.crossings).length > 0) return [];
    const counts = { crossings, hypercalls };
    const { mode, workload, metric } = cell;
    const performance = (end: 'low' | 'high') =>
      (base.workNs as number) / ((base.workNs as number) + added(counts, own, end));
    return [{ mode, baseline, workload, metric, low: performance('high'), high: performance('low') }];
  });
}

function added(
  { crossings, hypercalls }: Pick<CellWithWork, 'crossings' | 'hypercalls'>,
  costs: HardwareCosts,
  end: 'low' | 'high',
): number {
  const of = (kind: string, otherwise?: string) =>
    (costs[kind] ?? (otherwise === undefined ? undefined : costs[otherwise]))?.[end] ?? 0;
  const sum = (counts: Readonly<Record<string, number>>, otherwise?: string) =>
    Object.entries(counts).reduce((total, [kind, count]) => total + count * of(kind, otherwise), 0);
  return sum(crossings, 'crossing') + sum(hypercalls);
}

/**
 * A mode over all its workloads: the geometric means of both ends. Fastest first, by the middle of the range.
 */
export function modelledOrder(
  modelled: readonly Modelled[],
): { mode: string; workloads: number; low: number; high: number }[] {
  const modes = [...new Set(modelled.map(({ mode }) => mode))];
  return modes
    .map((mode) => {
      const own = modelled.filter((one) => one.mode === mode);
      const average = (end: 'low' | 'high') =>
        Math.exp(own.reduce((sum, one) => sum + Math.log(one[end]), 0) / own.length);
      return { mode, workloads: own.length, low: average('low'), high: average('high') };
    })
    .toSorted((a, b) => b.low * b.high - a.low * a.high);
}
