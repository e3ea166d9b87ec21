import { figure, percentage } from '../chart/spec.ts';
import type { Results } from '../compare/results.ts';
import { intervalWords } from '../words/interval.ts';

export const SHARING_HEAD = [
  'mode',
  'workload',
  'metric',
  'guests',
  'throughput together (higher is better)',
  '÷ fewest guests',
  'Jain’s index',
  'shares of the guests',
];

/** Scaling and fairness, a row per mode and metric, under SHARING_HEAD. */
export function sharingRows({ sharing }: Results): string[][] {
  return sharing.map(({ mode, workload, metric, guests, unit, throughput, scaling, fairness, perGuest }) => {
    const shares = perGuest.map(({ share }) => share);
    const [least, most] = [Math.min(...shares), Math.max(...shares)];
    return [
      mode,
      workload,
      metric,
      String(guests),
      `${withEnds(throughput, figure)} ${unit}`,
      scaling === null ? 'no pair' : withEnds(scaling, figure),
      withEnds(fairness, (value) => value.toFixed(3)),
      guests === 1 ? 'all' : intervalWords(least, most, percentage),
    ];
  });
}

function withEnds(
  { value, low, high }: Results['sharing'][number]['throughput'],
  words: (value: number) => string,
): string {
  return `${words(value)} (${intervalWords(low, high, words, 'no interval')})`;
}
