import { intervalWords } from '../words/interval.ts';
import { baselineWord, baselineWords, hasSeveralBaselines } from '../compare/baselines.ts';
import type { Comparison, Results } from '../compare/results.ts';
import { performance } from '../compare/verdict.ts';
import { lookOf, modesOf } from './palette.ts';
import { type ChartSpec, FRAME, axisFor, percentage, short } from './spec.ts';

/** A canvas with more rows exceeds every renderer's height, and takes a hundred MB. */
const MOST_ROWS = 200;

/**
 * Performance relative to the baseline, with its interval: the run's main figure. Workloads are headings,
 * followed by a bar per mode labelled with its name, so that it can be read without colours; if modes have
 * different baselines, the baseline's name is added.
 */
export function relativeChart(results: Results): ChartSpec | undefined {
  const several = hasSeveralBaselines(results);
  const shown = results.comparisons.filter(({ ratio }) => ratio !== null);
  if (shown.length === 0) return undefined;
  const modes = modesOf(results);
  const compared = modes.filter((mode) => shown.some((one) => one.mode === mode));
  const all = [...new Set(shown.map(headingOf))].flatMap((heading): Row[] => [
    { label: heading },
    ...compared.flatMap((mode) => {
      const one = shown.find((other) => other.mode === mode && headingOf(other) === heading);
      if (one === undefined) return [];
      return { label: `${INDENT}${mode}${several ? `, of ${one.baseline}` : ''}`, one };
    }),
  ]);
  const rows = all.slice(0, MOST_ROWS);
  return {
    id: 'relative',
    of: 'run',
    title: `Performance relative to ${baselineWord(results)}`,
    caption:
      `100% is ${baselineWords(results)}; further right is better, including for latencies, for which the ratio is inverted. ` +
      `Whiskers: ${Math.round(results.confidence * 100)}% interval over blocks. Shaded: the margin of ${percentage(results.margin)}; modes inside it count as the same.` +
      (rows.length === all.length
        ? ''
        : ` Only the first ${MOST_ROWS} of ${all.length} rows; the table has all.`),
    height: FRAME + 18 * rows.length,
    config: {
      type: 'barWithErrorBars',
      data: {
        labels: rows.map(({ label }) => label),
        datasets: compared.map((mode) => ({
          label: mode,
          grouped: false,
          backgroundColor: lookOf(modes.indexOf(mode)).colour,
          errorBarColor: '#222222',
          errorBarWhiskerColor: '#222222',
          errorBarLineWidth: 1.5,
          errorBarWhiskerLineWidth: 1.5,
          data: rows.map(({ one }) => (one?.mode === mode ? bar(one) : NOTHING)),
        })),
      },
      options: {
        indexAxis: 'y',
        scales: {
          x: {
            ...axis(rows),
            title: { display: true, text: `% of ${baselineWord(results)} (further right is better)` },
          },
          y: { ticks: { autoSkip: false, crossAlign: 'far', color: '#222222' }, grid: { display: false } },
        },
        plugins: {
          annotation: {
            annotations: {
              margin: {
                type: 'box',
                xMin: 100 / (1 + results.margin),
                xMax: 100 * (1 + results.margin),
                backgroundColor: '#00000018',
                borderWidth: 0,
                drawTime: 'beforeDatasetsDraw',
              },
              one: {
                type: 'line',
                xMin: 100,
                xMax: 100,
                borderColor: '#444444',
                borderWidth: 1,
                borderDash: [4, 3],
                drawTime: 'afterDatasetsDraw',
              },
            },
          },
        },
      },
    },
    sentence: `{series}: {value}% of ${baselineWord(results)} (interval {low}% to {high}%).`,
    table: {
      head: [
        'mode',
        ...(several ? ['baseline'] : []),
        'workload',
        'metric',
        'relative performance',
        'interval',
        'verdict',
      ],
      rows: shown.map((one) => {
        const { ratio, low, high } = performance(one.ratio, one.low, one.high, one.better);
        return [
          one.mode,
          ...(several ? [one.baseline] : []),
          one.workload,
          one.metric,
          ratio === null ? '' : percentage(ratio),
          intervalWords(low, high, percentage),
          one.verdict,
        ];
      }),
    },
  };
}

/** Kept by every renderer, unlike an ordinary space at the beginning. */
const INDENT = '\u00a0'.repeat(3);

/** A row of the chart: a heading, or a mode's bar. */
interface Row {
  label: string;
  one?: Comparison;
}

function headingOf({ workload, metric }: Comparison): string {
  return `${workload}: ${metric}`;
}

/** Bars begin at 0 or, if the smallest of them would be invisible, at the power of ten below it. */
function axis(rows: readonly Row[]): { beginAtZero: true } | { type: 'logarithmic'; min: number } {
  const ends = rows.flatMap(({ one }) => (one === undefined ? [] : Object.values(bar(one))));
  if (axisFor([...ends, 100]) === 'linear') return { beginAtZero: true };
  return { type: 'logarithmic', min: 10 ** Math.floor(Math.log10(Math.min(...ends))) };
}

/** No bar. The plugin reads the length of whiskers from it, which null does not have. */
const NOTHING: Bar = {};

type Bar = { x: number; xMin: number; xMax: number } | Record<string, never>;

/** A bar that ends at its figure. Without an interval its whiskers have no length. */
function bar(one: Comparison): Bar {
  const { ratio, low, high } = performance(one.ratio, one.low, one.high, one.better);
  if (ratio === null) return NOTHING;
  return { x: short(100 * ratio), xMin: short(100 * (low ?? ratio)), xMax: short(100 * (high ?? ratio)) };
}
