/** The results of a run, mode by mode: what a reader asks first, and the same in every format. */
import { figure, percentage } from '../chart/spec.ts';
import { baselineIn } from '../compare/baselines.ts';
import { modelledOrder } from '../compare/modelled.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { intervalWords } from '../words/interval.ts';
import { perOperation } from './modelled.ts';
import { shortCounts } from './verdict-counts.ts';

/**
 * A share of the baseline's performance with its interval, where 1 means as fast; ends are null without an
 * interval.
 */
export interface Share {
  value: number;
  low: number | null;
  high: number | null;
}

export interface AnswerRow {
  mode: string;
  baseline: string;
  /** Over all its metrics; its only ratio if there is one metric. Undefined if no block has both arms. */
  measured: Share | undefined;
  /** On hardware, modelled from counts. Undefined if nothing is modelled. */
  modelled: { low: number; high: number } | undefined;
  /** `3 slower, 1 same` */
  verdicts: string;
  /** Visits whose evidence held, out of those that have evidence. */
  attested: { held: number; of: number };
  /** `nop 3 requests per launch`, for each workload with crossings. */
  crosses: string[];
}

/** More workloads than this are counted rather than named. */
const MOST_NAMED = 3;

/** A row per compared mode, in the order of the experiment file. */
export function answerRows(results: Results): AnswerRow[] {
  const compared = new Set(results.comparisons.map(({ mode }) => mode));
  const ranges = modelledOrder(results.modelled);
  return Object.keys(results.specification.modes)
    .filter((mode) => compared.has(mode))
    .map((mode) => {
      const own = results.comparisons.filter((one) => one.mode === mode);
      return {
        ...{ mode, baseline: baselineIn(mode, results), verdicts: shortCounts(own) },
        measured: measuredShare(mode, own, results),
        modelled: ranges.find((one) => one.mode === mode),
        attested: attestedVisits(mode, results),
        crosses: crossingWords(own, results),
      };
    });
}

/** `34.2% (33.9% to 34.6%)` */
export function shareWords({ value, low, high }: Share): string {
  return `${percentage(value)} (${intervalWords(low, high, percentage, 'no interval')})`;
}

/**
 * The effect of each option in a sentence, such as `cache: cached is 1.65 times as fast as pvdrm (1.50 to
 * 1.81)`.
 */
export function pairAnswers({ pairs }: Pick<Results, 'pairs'>): string[] {
  return pairs.map(({ option, from, to, overall, cells }) => {
    if (overall === null)
      return `${option}: no effect possible here, because ${to.mode} and ${from.mode} have the same crossings`;
    const without = cells.filter(({ matters }) => !matters).map(({ workload }) => workload);
    const ends = intervalWords(overall.low, overall.high, figure, 'no interval');
    const rest = without.length === 0 ? '' : `; no effect possible in ${namedOrCounted(without)}`;
    return `${option}: ${to.mode} is ${figure(overall.value)} times as fast as ${from.mode} (${ends})${rest}`;
  });
}

function namedOrCounted(workloads: readonly string[]): string {
  return workloads.length > MOST_NAMED ? `${workloads.length} workloads` : workloads.join(', ');
}

/** Reasons for caution, counted; empty if there are none. */
export function limits(results: Results): string[] {
  const { trials, warnings, incidents, attestations } = results;
  const lost = trials.failed + trials['timed-out'] + trials.void + (trials.skipped ?? 0);
  const unproved = attestations.filter(({ ok }) => !ok).length;
  const counted = [
    [lost, 'trial without a figure', 'trials without a figure'],
    [unproved, 'attestation that did not hold', 'attestations that did not hold'],
    [warnings.length, 'warning', 'warnings'],
    [incidents.length, 'incident', 'incidents'],
  ] as const;
  return [
    ...counted.flatMap(([count, one, many]) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`])),
    ...loads(results),
  ];
}

/** Machines that had more load than CPUs. */
function loads({ noise, environment }: Results): string[] {
  return environment.flatMap(({ target, fingerprint }) => {
    const cpus = Number(fingerprint['cpus']);
    const most = noise.reduce((max, one) => (one.target === target ? Math.max(max, one.load1) : max), 0);
    return most > cpus ? [`load ${figure(most)} on the ${figure(cpus)} CPUs of ${target}`] : [];
  });
}

function measuredShare(mode: string, own: readonly Comparison[], { suites }: Results): Share | undefined {
  const suite = suites.find((one) => one.mode === mode);
  if (suite !== undefined) return { value: suite.ratio, low: suite.low, high: suite.high };
  const [only, ...others] = own;
  if (only === undefined || others.length > 0) return undefined;
  const { ratio, low, high } = performance(only.ratio, only.low, only.high, only.better);
  return ratio === null ? undefined : { value: ratio, low, high };
}

function attestedVisits(mode: string, { attestations }: Results): { held: number; of: number } {
  const own = attestations.filter((one) => one.mode === mode && one.findings.length > 0);
  return { held: own.filter(({ ok }) => ok).length, of: own.length };
}

function crossingWords(own: readonly Comparison[], results: Results): string[] {
  const met = new Set<string>();
  return own.flatMap((one) => {
    if (met.has(one.workload) || Object.values(one.crossings).every((count) => count === 0)) return [];
    met.add(one.workload);
    return [`${one.workload} ${perOperation(one, results)}`];
  });
}
