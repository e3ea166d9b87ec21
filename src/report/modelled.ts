import { figure, percentage } from '../chart/spec.ts';
import { baselineIn } from '../compare/baselines.ts';
import { isPages } from '../compare/cross-alike.ts';
import { modelledOrder } from '../compare/modelled.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { modeKindNamed } from '../mode/kinds.ts';
import { intervalWords } from '../words/interval.ts';
import { verdictCounts } from './verdict-counts.ts';

/** Crossings in modes that have a boundary, in the vocabulary of those who build them. */
const WORDS: Readonly<Record<string, string>> = { DRM: 'request', API: 'call', trap: 'trap' };

/** For a mode's first workloads; the table of crossings has the others. */
const MOST_WORKLOADS = 4;

/**
 * Crossings per operation of a sample, such as `5 requests, 2 hypercalls per object`; per run if no operation
 * is known.
 */
export function perOperation(one: Comparison, results: Pick<Results, 'specification'>): string {
  const { name, count } = one.per ?? { name: 'run', count: 1 };
  const calls = Object.entries(one.hypercalls).filter(([kind]) => !isPages(kind));
  const told = [
    counted(totalOf(one.crossings) / count, crossingWord(one.mode, results)),
    ...(calls.length === 0 ? [] : [counted(totalOf(Object.fromEntries(calls)) / count, 'hypercall')]),
  ];
  return `${told.join(', ')} per ${name}`;
}

/**
 * The modelled range of a workload in a mode, as a share of its baseline's performance; empty if there is
 * none.
 */
export function modelledRange(one: Comparison, { modelled }: Results): string {
  const found = modelled.find(({ mode, workload }) => mode === one.mode && workload === one.workload);
  return found === undefined ? '' : rangeWords(found);
}

export const MODELLED_HEAD = [
  'Mode',
  'Modelled on hardware',
  'Measured here',
  'Workloads',
  'Cost per crossing',
];

/** A row per mode with a modelled range, fastest first by the model, next to what was measured. */
export function modelledRows(results: Results): string[][] {
  return modelledOrder(results.modelled).map(({ mode, workloads, low, high }) => {
    const suite = results.suites.find((one) => one.mode === mode);
    const range = `${rangeWords({ low, high })} of ${baselineIn(mode, results)}`;
    return [
      ...[mode, range, suite === undefined ? '' : percentage(suite.ratio)],
      ...[String(workloads), costWords(mode, results)],
    ];
  });
}

/**
 * The result of each mode if times are emulated: its crossings, and the range on hardware, a sentence each.
 */
export function countedHeadlines(results: Results): string[] {
  const order = modelledOrder(results.modelled);
  return [...new Set(results.comparisons.map(({ mode }) => mode))].map((mode) => {
    const comparisons = results.comparisons.filter((one) => one.mode === mode);
    const own = firstMetrics(comparisons).filter(({ crossings }) => totalOf(crossings) > 0);
    const counts = own.slice(0, MOST_WORKLOADS).map((one) => `${one.workload} ${perOperation(one, results)}`);
    const more = own.length - counts.length;
    const told = [...counts, ...(more > 0 ? [`${more} more workloads in the table of crossings`] : [])].join(
      '; ',
    );
    const found = order.find((one) => one.mode === mode);
    const range =
      found === undefined
        ? 'no range is modelled'
        : `modelled on hardware ${rangeWords(found)} of ${baselineIn(mode, results)}`;
    return `${mode}: ${own.length === 0 ? 'nothing crosses' : told}; ${range}; ${verdictCounts(comparisons)} in emulated time`;
  });
}

/** How much dearer an emulated crossing is than a modelled one, a sentence per mode if that was measured. */
export function emulationLines(results: Results): string[] {
  return results.overheads.flatMap(({ mode, fit, per }) => {
    const cost = results.hardwareCosts[mode]?.['crossing'];
    if (fit === null || cost === undefined || per !== 'crossing') return [];
    // If emulation is known to be most of it.
    if (!((fit.costNs.low ?? 0) >= 2 * cost.high)) return [];
    const [least, most] = [fit.costNs.value / cost.high, fit.costNs.value / cost.low];
    return [
      `${mode}: a crossing takes ${figure(fit.costNs.value / 1000)} µs under emulation, ${figure(least)} to ${figure(most)} times its modelled cost on hardware, so most of the measured overhead comes from emulation, not from the mechanism`,
    ];
  });
}

function firstMetrics(comparisons: readonly Comparison[]): Comparison[] {
  const met = new Set<string>();
  return comparisons.filter(({ workload }) => !met.has(workload) && met.add(workload));
}

function costWords(mode: string, { hardwareCosts }: Results): string {
  const cost = hardwareCosts[mode]?.['crossing'];
  if (cost === undefined) return '';
  return `${intervalWords(cost.low, cost.high, (ns) => figure(ns / 1000))} µs (${cost.source})`;
}

/** A range of performance on hardware, such as `82.3% to 97.8%`. */
export function rangeWords({ low, high }: { low: number; high: number }): string {
  return low === high ? percentage(low) : `${percentage(low)} to ${percentage(high)}`;
}

function crossingWord(mode: string, { specification }: Pick<Results, 'specification'>): string {
  const boundary = modeKindNamed(specification.modes[mode]?.['use'])?.facts.boundary ?? '';
  return WORDS[boundary] ?? 'crossing';
}

function counted(count: number, word: string): string {
  return `${figure(count)} ${word}${count === 1 ? '' : 's'}`;
}

function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
