import { figure, percentage } from '../chart/spec.ts';
import type { Check, CheckedCell } from '../trend/check.ts';
import type { Trend, TrendCell, TrendChange, TrendGroup, TrendRun } from '../trend/trend.ts';
import { intervalWords } from '../words/interval.ts';
import { oneLine } from '../words/printable.ts';
import { confidenceWords } from './gate-text.ts';
import { SIGN } from './wording.ts';

const FIELD = 100;

export const TREND_HEAD = ['mode', 'workload', 'metric', 'change', 'before', 'after', 'between'];

/** A change in words, under TREND_HEAD. */
export function changeRow(cell: TrendCell, change: TrendChange, { runs }: TrendGroup): string[] {
  const { kind, ratio, verdict, before, after } = change;
  return [
    ...[cell.mode, cell.workload, cell.metric],
    `${SIGN[verdict]} ${verdict}: ${kind} to ${percentage(ratio)}`,
    ...[before, after].map((value) => figureWords(cell, value)),
    [change.from, change.to].map((at) => runWords(runs[at])).join(' and '),
  ].map((text) => oneLine(text, FIELD));
}

/** By commit if known, else by time. */
export function runWords(run: TrendRun | undefined): string {
  if (run === undefined) return '';
  const { commit, dirty, started } = run;
  return commit === null ? timeWords(started) : `${commit.slice(0, 10)}${dirty ? ' with changes' : ''}`;
}

/** `2026-11-21 16:29` */
export function timeWords(started: string): string {
  return started.slice(0, 16).replace('T', ' ');
}

/** Relative performance, or the figure of a baseline in its unit. */
export function figureWords({ kind, unit }: Pick<TrendCell, 'kind' | 'unit'>, value: number): string {
  return kind === 'relative' ? percentage(value) : `${figure(value)} ${unit}`;
}

/** A group: its experiment, its labels, its runs. */
export function groupWords({ experiment, labels, runs }: TrendGroup): string {
  const [first, last] = [runs[0], runs.at(-1)];
  const by = Object.entries(labels).map(([key, value]) => `, ${key} ${value}`);
  const time = [first, last].map((run) => timeWords(run?.started ?? '')).join(' to ');
  return oneLine(
    `${experiment}${by.join('')}: ${runs.length === 1 ? '1 run' : `${runs.length} runs`}, ${time}`,
    400,
  );
}

/** Where its series are cut, and why, a line each. */
export function cutLines({ cuts, runs }: TrendGroup): string[] {
  return cuts.map(({ run, why }) => oneLine(`cut before ${runWords(runs[run])}: ${why}`, 400));
}

/** How many cells of a group have not changed, and how many have too few runs to say. */
export function restWords({ cells }: TrendGroup): string {
  const count = (verdict: TrendCell['verdict']) => cells.filter((one) => one.verdict === verdict).length;
  const parts = [
    [count('slower'), 'slower'],
    [count('faster'), 'faster'],
    [count('steady'), 'steady'],
    [count('too few'), 'with too few runs since the last cut'],
  ] as const;
  return `since the last cut: ${parts.flatMap(([n, words]) => (n === 0 ? [] : [`${n} ${words}`])).join(', ') || 'no cell'}`;
}

export function trendOutcome({ outcome, inconclusive, margin }: Trend): string {
  const words = {
    passed: 'no cell became slower',
    slower: 'a cell became slower in its newest change',
    inconclusive: 'inconclusive: too few runs since the last cut. Add more runs',
  }[outcome];
  const counts =
    outcome === 'inconclusive' && inconclusive !== undefined ? `. It counts as ${inconclusive}` : '';
  return `trend: ${words}${counts} (changes over ${percentage(margin)}; the chance of any false alarm is at most 5%)`;
}

export const CHECK_HEAD = [
  ...[
    'mode',
    'workload',
    'metric',
    'runs',
    'expected',
    'found',
    'of expected',
    'interval',
    'verdict',
    'detectable',
  ],
];

/** A cell in words, under CHECK_HEAD. */
export function checkRow(cell: CheckedCell, { confidence }: Pick<Check, 'confidence'>): string[] {
  const { expected, found, ratio, low, high, verdict, detects } = cell;
  const corrected = low !== null && cell.confidence !== confidence;
  return [
    ...[cell.mode, cell.workload, cell.metric, String(cell.earlier)],
    expected === null ? 'unknown' : figureWords(cell, expected),
    figureWords(cell, found),
    ratio === null ? 'none' : percentage(ratio),
    `${intervalWords(low, high, percentage)}${corrected ? ` (Holm: ${confidenceWords(cell.confidence)})` : ''}`,
    `${SIGN[verdict]} ${verdict}`,
    detects === null ? 'nothing' : percentage(detects),
  ].map((text) => oneLine(text, FIELD));
}

/** The outcome of a check and its warnings, a line each. */
export function checkWords(check: Check): string[] {
  const { cells, margin, confidence, warnings } = check;
  const seen = cells.flatMap(({ detects }) => detects ?? []);
  return [
    ...warnings.map(({ text }) => `warning: ${oneLine(text)}`),
    `performance of the newest run relative to the prediction from earlier runs, above 100% is better; margin ${percentage(margin)}, ` +
      `${confidenceWords(confidence)} prediction intervals from run-to-run variation, with Holm’s correction for cells that are not the same`,
    ...(seen.length === 0
      ? []
      : [
          `the smallest slowdown detectable with 80% power: ${percentage(Math.min(...seen))} in the steadiest cell, ${percentage(Math.max(...seen))} in the least steady one`,
        ]),
    checkOutcome(check),
  ];
}

function checkOutcome({ outcome, inconclusive, run }: Check): string {
  const words = {
    passed: 'passed: no cell is slower than the margin allows',
    slower: 'failed: a cell is slower than predicted from the earlier runs',
    inconclusive:
      'inconclusive: runs vary by more than the margin, or there are too few of them. Add runs, or more blocks per run',
    incomplete:
      'incomplete: the newest run lacks figures. To measure them: vgpubench resume RUN --retry; then add the run again',
  }[outcome];
  const counts =
    outcome === 'inconclusive' && inconclusive !== undefined ? `. It counts as ${inconclusive}` : '';
  return oneLine(`check of ${runWords(run)}: ${words}${counts}`, 400);
}
