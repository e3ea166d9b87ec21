import { figure, percentage } from '../chart/spec.ts';
import type { Results } from '../compare/results.ts';
import { intervalWords } from '../words/interval.ts';
import { csvText } from './csv.ts';

export const ENERGY_HEAD = ['mode', 'workload', 'of', 'J per operation', 'relative to baseline'];

const SOURCES = { cpu: 'CPU packages', gpu: 'GPU' };

/**
 * A row per mode, workload and source, under ENERGY_HEAD; unknown values are marked as such, with the reason.
 * Empty if nothing is known.
 */
export function energyRows({ energyCosts = [] }: Results): string[][] {
  if (energyCosts.every(({ joules }) => joules === null)) return [];
  return energyCosts.map(({ mode, workload, source, joules, why, ratio }) => [
    ...[mode, workload, SOURCES[source], joules === null ? `unknown: ${why ?? ''}` : figure(joules)],
    ratio === null
      ? ''
      : `${percentage(ratio.value)} (${intervalWords(ratio.low, ratio.high, percentage, 'no interval')})`,
  ]);
}

/** All as a file (RFC 4180), with empty fields for unknown values; undefined if no target has a counter. */
export function energyCsv({ energyCosts }: Results): string | undefined {
  if (energyCosts === undefined) return undefined;
  const head = [
    'mode',
    'workload',
    'source',
    'J per operation',
    'baseline',
    'ratio',
    'ratio low',
    'ratio high',
    'why',
  ];
  const rows = energyCosts.map(({ mode, workload, source, joules, baseline, ratio, why }) => [
    ...[mode, workload, source, joules ?? '', baseline ?? ''],
    ...[ratio?.value ?? '', ratio?.low ?? '', ratio?.high ?? '', why ?? ''],
  ]);
  return csvText([head, ...rows]);
}
