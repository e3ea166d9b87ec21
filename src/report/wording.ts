import { modeKindNamed, modeKinds } from '../mode/kinds.ts';
import { figure, percentage } from '../chart/spec.ts';
import { baselineIn, baselineWords } from '../compare/baselines.ts';
import { restsOnBoots } from '../compare/doubts.ts';
import type { Overhead } from '../compare/overhead.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { performance, verdictConfidence } from '../compare/verdict.ts';
import { shardName } from '../experiment/shard.ts';
import { intervalWords } from '../words/interval.ts';
import { nodesLine } from './nodes.ts';

/** One comparison in the words that all formats share. */
export interface Line {
  mode: string;
  baseline: string;
  workload: string;
  metric: string;
  /** Relative performance, where more is better: `52.1%`. */
  relative: string;
  interval: string;
  verdict: string;
  blocks: string;
  attested: string;
}

export const SIGN: Record<Comparison['verdict'], string> = {
  faster: '▲',
  slower: '▼',
  same: '=',
  inconclusive: '?',
};

export function lineOf(one: Comparison): Line {
  const { ratio, low, high } = performance(one.ratio, one.low, one.high, one.better);
  return {
    mode: one.mode,
    baseline: one.baseline,
    workload: one.workload,
    metric: `${one.metric} (${one.unit}, ${one.better} is better)`,
    relative: ratio === null ? 'no pair' : percentage(ratio),
    interval: intervalWords(low, high, percentage),
    verdict: `${SIGN[one.verdict]} ${one.verdict}`,
    blocks: String(one.blocks),
    attested: one.attested ? 'yes' : 'no',
  };
}

/** The cost of a crossing in each mode, fitted over the workloads, a sentence each. */
export function overheadLines(results: Results): string[] {
  return results.overheads.flatMap((one) => [curveLine(one, results), ...kindLines(one, results)]);
}

function curveLine({ mode, metric, per, points, fit, note }: Overhead, results: Results): string {
  const baseline = baselineIn(mode, results);
  const reason = note === null ? '' : ` (${note})`;
  if (fit === null) return `${mode}, ${metric}: no curve of overhead against work${reason}`;
  const { limit, costNs } = fit;
  const crossed = points.filter(({ xNs }) => xNs !== null).length;
  const cost = `${isMeasurable(costNs) ? 'costs' : 'has no measurable cost:'} ${microseconds(costNs)}`;
  return (
    `${mode}, ${metric}: each ${per} ${cost}, and ` +
    `for large work it takes ${percentage(limit.value)} of ${baseline}’s time (${intervalWords(limit.low, limit.high, percentage, 'no interval')}), fitted over ${crossed} workloads${reason}`
  );
}

/** By kind of crossing, as far as kinds can be separated; most frequent first. */
function kindLines({ mode, metric, byKind }: Overhead, results: Results): string[] {
  if (byKind === null) return [];
  const costs = byKind.costs.map(({ kinds, costNs }) => {
    const together = kinds.length > 1 ? ' (can’t be separated: their mean)' : '';
    return `${kinds.join(' + ')}${together} ${isMeasurable(costNs) ? '' : 'no measurable cost, '}${microseconds(costNs)}`;
  });
  const rare = byKind.rare.length === 0 ? '' : `; too rare to estimate a cost: ${byKind.rare.join(', ')}`;
  return [
    `${mode}, ${metric}: added to ${baselineIn(mode, results)}’s time by kind: ${costs.join('; ')}${rare}`,
  ];
}

type Estimate = NonNullable<Overhead['fit']>['costNs'];

function isMeasurable({ low, high }: Estimate): boolean {
  return low === null || high === null || low > 0 || high < 0;
}

function microseconds({ value, low, high }: Estimate): string {
  const us = (ns: number) => figure(ns / 1000);
  return `${us(value)} µs (${intervalWords(low, high, us, 'no interval')})`;
}

/** The harness's own error rate, in a sentence. */
export function selfLine({ falsePositives, margin }: Results): string[] {
  if (falsePositives === null) return [];
  const { modes, comparisons, slower, faster, missed, rate, low, high, confidence } = falsePositives;
  const expected = percentage(1 - confidence);
  return [
    `A/A: ${slower + faster} of ${comparisons} comparisons of ${modes.join(', ')} with itself came out slower or faster at the margin of ${percentage(margin)}: ` +
      `a false-positive rate of ${percentage(rate)} (${intervalWords(low, high, percentage)}); ${missed} of ${comparisons} intervals miss 100%, ${expected} expected`,
  ];
}

/** What figures of the embedded lab mean; shown wherever they are. */
export function labLine({ versions, specification }: Results): string[] {
  const { lab } = versions;
  if (lab === undefined) return [];
  const kinds = [...provenances(specification)].map(
    ([what, modes]) => `${modes.map((mode) => `${mode} (lab)`).join(', ')}: ${what}`,
  );
  const together = Math.max(...Object.values(specification.modes).map(({ targets }) => Number(targets)));
  // Earlier versions used one for all guests, and did not record it.
  const cpus = Number(versions['lab guest CPUs'] ?? 1);
  const scheduled =
    together > cpus
      ? `. Guests that run together share ${cpus === 1 ? 'one virtual CPU' : `${cpus} virtual CPUs`}: Xen’s CPU scheduler is in their figures`
      : '';
  return [
    `lab: ${[lab, ...(kinds.length === 0 ? [] : [kinds.join('; ')])].join('. ')}. Figures describe mechanisms, not hardware${scheduled}`,
  ];
}

/** The kinds of mechanisms and their modes, in the order in which kinds are registered. */
function provenances({ modes }: Results['specification']): Map<string, string[]> {
  const known = new Set(modeKinds.flatMap(({ facts }) => facts.provenance ?? []));
  const told = [...known].map((what): [string, string[]] => [
    what,
    Object.keys(modes).filter((mode) => modeKindNamed(modes[mode]?.['use'])?.facts.provenance === what),
  ]);
  return new Map(told.filter(([, found]) => found.length > 0));
}

/** Ends of a run that make the remaining trials unnecessary. */
const SETTLED = ['completed', 'precision', 'plateau'];

/** Whether the run is complete, and if not, what is missing. */
export function completeness({ trials, endReason, shard }: Results): string {
  const part = shard === undefined ? '' : `, in shard ${shardName(shard)}`;
  const missing = [
    [trials.failed, 'failed'],
    [trials['timed-out'], 'timed out'],
    [trials.void, 'void'],
    [trials.skipped ?? 0, 'skipped'],
    [trials.pending, SETTLED.includes(endReason ?? '') ? 'not needed' : 'not run'],
  ] as const;
  const words = missing.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return `${trials.completed} of ${trials.planned} trials completed${words.length === 0 ? '' : ` (${words.join(', ')})`}${part}`;
}

/** How the figures were computed, in one paragraph. */
export function method(results: Results): string {
  const share = Math.round(results.confidence * 100);
  return (
    `Randomised complete blocks from seed ${results.seed}: each block holds every mode once, in its own random order. ` +
    `A ratio is the geometric mean over blocks of mode ÷ ${baselineWords(results)}, paired by block; its ${share}% interval ${isStudentised(results) ? 'takes the outer ends of a t interval of the logs and their studentised bootstrap' : 'is a t interval of the logs'}. ` +
    nodesLine(results)
      .map((line) => `${line} `)
      .join('') +
    (results.nodes?.unit !== 'node' && results.comparisons.some(restsOnBoots)
      ? 'If blocks shared a boot, it is computed from the means of each boot’s blocks.  '
      : '') +
    `A mode counts as slower or faster only if the whole interval lies outside the margin of ${percentage(results.margin)}, as the same if it lies inside, and as inconclusive otherwise. ` +
    fewBlocks(results) +
    dependentBlocks(results) +
    oneRun(results) +
    'Warm-up runs, and trials that failed, timed out or were not attested, are excluded.' +
    labLine(results)
      .map((line) => ` ${line}.`)
      .join('')
  );
}

/**
 * Whether the intervals follow skewness, and verdicts on few blocks are more careful: earlier versions did
 * neither.
 */
export function isStudentised({ comparisons }: Pick<Results, 'comparisons'>): boolean {
  return comparisons.every(({ intervals }) => intervals === null || intervals.studentised !== undefined);
}

/** Verdicts based on few blocks require more than the displayed interval. */
function fewBlocks(results: Results): string {
  if (!isStudentised(results)) return '';
  const { comparisons, confidence } = results;
  const taken = Math.max(
    confidence,
    ...comparisons.filter(({ blocks }) => blocks > 0).map(verdictConfidence),
  );
  return taken === confidence
    ? ''
    : `A few blocks don’t show their skewness: with fewer than ten blocks or boots, this must hold for the interval at ${percentage(taken)}. `;
}

/** Intervals that are wider than independent blocks would make them. */
function dependentBlocks({ comparisons }: Results): string {
  return comparisons.some(({ effectiveBlocks }) => effectiveBlocks !== undefined)
    ? 'If consecutive blocks are correlated, the interval is computed for the equivalent number of independent blocks. '
    : '';
}

/**
 * A state that lasts ten blocks on average is left, and so becomes visible, within this many in 95% of runs.
 */
const TELLING = 30;

/** What fewer blocks can't show: which state the machine was in throughout. */
function oneRun({ comparisons }: Results): string {
  return comparisons.some(({ blocks }) => blocks > 0 && blocks < TELLING)
    ? 'A machine state that lasts for the whole run can’t be distinguished from an effect of the mode: one run does not show how much runs vary. '
    : '';
}
