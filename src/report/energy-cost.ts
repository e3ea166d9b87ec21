import { figure, percentage } from '../chart/spec.ts';
import type { Results } from '../compare/results.ts';
import { intervalWords } from '../words/interval.ts';
import { csvText } from './csv.ts';

export const ENERGY_HEAD = ['mode', 'workload', 'of', 'J per operation', 'of the baseline’s'];

const SOURCES = { cpu: 'CPU packages', gpu: 'GPU' };

/** A row a mode, workload and source, under ENERGY_HEAD; what is not known is said so, and why. None where nothing is known. */
export function energyRows({ energyCosts = [] }: Results): string[][] {
  if (energyCosts.every(({ joules }) => joules === null)) return [];
  return energyCosts.map(({ mode, workload, source, joules, why, ratio }) => [
    ...[mode, workload, SOURCES[source], joules === null ? `not known: ${why ?? ''}` : figure(joules)],
    ratio === null
      ? ''
      : `${percentage(ratio.value)} (${intervalWords(ratio.low, ratio.high, percentage, 'no interval')})`,
  ]);
}

/** All as a file (RFC 4180), empty fields where something is not known; undefined where no target has a counter. */
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
