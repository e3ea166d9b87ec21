import type { Results } from '../compare/results.ts';
import type { Sharing } from '../compare/sharing.ts';
import { intervalWords } from '../words/interval.ts';
import { lookOf, modesOf } from './palette.ts';
import { type ChartConfig, type ChartSpec, FRAME, figure, percentage, short } from './spec.ts';

/**
 * The work of guests that run together, its fairness, and each guest's share: three charts per workload and
 * metric.
 */
export function sharingCharts(results: Results): ChartSpec[] {
  const { sharing, confidence } = results;
  const modes = modesOf(results);
  const groups = new Map<string, Sharing[]>();
  for (const one of sharing) {
    const key = JSON.stringify([one.workload, one.metric]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const interval = `Whiskers: ${Math.round(confidence * 100)}% interval.`;
  return [...groups.values()].flatMap((shared, index) => [
    throughputChart(shared, index + 1, interval, modes),
    fairnessChart(shared, index + 1, interval, modes),
    shareChart(shared, index + 1),
  ]);
}

function throughputChart(
  shared: readonly Sharing[],
  number: number,
  interval: string,
  modes: readonly string[],
): ChartSpec {
  const { unit = '' } = shared[0] ?? {};
  return {
    id: `scaling-${number}`,
    of: 'run',
    title: `${nameOf(shared)}: throughput of all guests together`,
    caption: `Work of all guests per second, from their common start to the end of the last one, by number of guests; higher is better. ${interval}`,
    height: 280,
    config: byGuests(shared, modes, ({ throughput }) => throughput, `${unit}, all guests (higher is better)`),
    sentence: `{series} on {label}: {value} ${unit} (interval {low} to {high}).`,
    table: {
      head: ['mode', 'guests', `throughput (${unit})`, 'interval', '÷ fewest guests', 'interval'],
      rows: shared.map(({ mode, guests, throughput, scaling }) => [
        mode,
        String(guests),
        figure(throughput.value),
        ends(throughput, figure),
        scaling === null ? 'none' : figure(scaling.value),
        scaling === null ? 'none' : ends(scaling, figure),
      ]),
    },
  };
}

function fairnessChart(
  shared: readonly Sharing[],
  number: number,
  interval: string,
  modes: readonly string[],
): ChartSpec {
  return {
    id: `fairness-${number}`,
    of: 'run',
    title: `${nameOf(shared)}: fairness among guests`,
    caption: `Jain’s index of the guests’ own throughputs in a trial: 1 if all get the same, 1 ÷ guests if one gets everything; higher is better. ${interval}`,
    height: 260,
    config: byGuests(shared, modes, ({ fairness }) => fairness, 'Jain’s index (higher is better)', 1),
    sentence: '{series} on {label}: Jain’s index {value} (interval {low} to {high}).',
    table: {
      head: ['mode', 'guests', 'Jain’s index', 'interval'],
      rows: shared.map(({ mode, guests, fairness }) => [
        mode,
        String(guests),
        fairness.value.toFixed(3),
        ends(fairness, (value) => value.toFixed(3)),
      ]),
    },
  };
}

function shareChart(shared: readonly Sharing[], number: number): ChartSpec {
  const targets = [...new Set(shared.flatMap(({ perGuest }) => perGuest.map(({ target }) => target)))];
  const of = (one: Sharing, name: string) => one.perGuest.find(({ target }) => target === name);
  return {
    id: `shares-${number}`,
    of: 'run',
    title: `${nameOf(shared)}: each guest’s share`,
    caption:
      'Each guest’s share of the sum of the guests’ own throughputs, mean over trials; equal lengths mean fair sharing.',
    height: FRAME + 30 * shared.length,
    config: {
      type: 'bar',
      data: {
        labels: shared.map(({ mode }) => mode),
        datasets: targets.map((target, at) => ({
          label: target,
          data: shared.map((one) => short(100 * (of(one, target)?.share ?? 0))),
          backgroundColor: lookOf(at).colour,
          borderColor: '#ffffff',
          borderWidth: 1,
        })),
      },
      options: {
        indexAxis: 'y',
        scales: {
          x: {
            stacked: true,
            max: 100,
            title: { display: true, text: '% of throughput (more even is better)' },
          },
          y: { stacked: true },
        },
      },
    },
    sentence: '{label}: {series} gets {value}% of the throughput.',
    table: {
      head: ['mode', 'guest', 'throughput', 'share', 'slowdown relative to the fewest guests'],
      rows: shared.flatMap(({ mode, unit, perGuest }) =>
        perGuest.map(({ target, throughput, share, slowdown }) => [
          mode,
          target,
          `${figure(throughput)} ${unit}`,
          percentage(share),
          figure(slowdown),
        ]),
      ),
    },
  };
}

/** Bars with whiskers by number of guests, one colour per family. */
function byGuests(
  shared: readonly Sharing[],
  modes: readonly string[],
  of: (one: Sharing) => Sharing['throughput'],
  title: string,
  max?: number,
): ChartConfig<'barWithErrorBars'> {
  const families = [...new Set(shared.map(({ family }) => family))];
  const numbers = [...new Set(shared.map(({ guests }) => guests))].sort((a, b) => a - b);
  const bar = (family: string, guests: number) => {
    const found = shared.find((one) => one.family === family && one.guests === guests);
    if (found === undefined) return null;
    const { value, low, high } = of(found);
    return { y: short(value), yMin: short(low ?? value), yMax: short(high ?? value) };
  };
  return {
    type: 'barWithErrorBars',
    data: {
      labels: numbers.map((guests) => `${guests} ${guests === 1 ? 'guest' : 'guests'}`),
      datasets: families.map((family) => ({
        label: family,
        backgroundColor: lookOf(modes.indexOf(family)).colour,
        errorBarColor: '#222222',
        errorBarWhiskerColor: '#222222',
        errorBarLineWidth: 1.5,
        errorBarWhiskerLineWidth: 1.5,
        data: numbers.map((guests) => bar(family, guests)),
      })),
    },
    options: {
      scales: {
        y: {
          beginAtZero: true,
          ...(max === undefined ? {} : { max }),
          title: { display: true, text: title },
        },
      },
    },
  };
}

function nameOf(shared: readonly Sharing[]): string {
  return shared
    .slice(0, 1)
    .map(({ workload, metric }) => `${workload}: ${metric}`)
    .join('');
}

function ends({ low, high }: Sharing['throughput'], words: (value: number) => string): string {
  return intervalWords(low, high, words);
}
