import { figure, percentage } from '../chart/spec.ts';
import type { Results } from '../compare/results.ts';
import { intervalWords } from '../words/interval.ts';
import { csvText } from './csv.ts';

export const CPU_HEAD = [
  'mode',
  'workload',
  'host CPU s per operation',
  'relative to baseline',
  'guests’ CPU s per operation',
];

/** A row per mode and workload, under CPU_HEAD; unknown values are marked as such, with the reason. */
export function cpuRows({ cpuCosts = [] }: Results): string[][] {
  return cpuCosts.map(({ mode, workload, host, guests, why, ratio }) => [
    ...[mode, workload, host === null ? `unknown: ${why ?? ''}` : figure(host)],
    ratio === null
      ? ''
      : `${percentage(ratio.value)} (${intervalWords(ratio.low, ratio.high, percentage, 'no interval')})`,
    guests === null ? '' : figure(guests),
  ]);
}

/** The same as a file (RFC 4180), with empty fields for unknown values; undefined if nothing is known. */
export function cpuCsv({ cpuCosts }: Results): string | undefined {
  if (cpuCosts === undefined) return undefined;
  return csvText([
    [
      'mode',
      'workload',
      'host CPU s per operation',
      'guests CPU s per operation',
      'baseline',
      'ratio',
      'ratio low',
      'ratio high',
    ],
    ...cpuCosts.map(({ mode, workload, host, guests, baseline, ratio }) => [
      ...[mode, workload, host ?? '', guests ?? '', baseline ?? ''],
      ...[ratio?.value ?? '', ratio?.low ?? '', ratio?.high ?? ''],
    ]),
  ]);
}
