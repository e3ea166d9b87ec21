import { tailCell } from '../chart/tails.ts';
import type { Results } from '../compare/results.ts';
import { csvText } from './csv.ts';

/** Tails of latencies as a separate file, a line per quantile (RFC 4180); undefined without any. */
export function tailsCsv({ tails }: Results): string | undefined {
  if (tails === undefined) return undefined;
  const head = ['mode', 'workload', 'metric', 'unit', 'n', 'quantile', 'value', 'low', 'high'];
  const rows = tails.flatMap(({ mode, workload, metric, unit, n, baseline, quantiles }) =>
    quantiles.map(({ p, value, low, high, ratio }) => [
      ...[mode, workload, metric, unit, n, p, value, low, high],
      ...(ratio === null ? ['', '', '', ''] : [baseline ?? '', ratio.value, ratio.low, ratio.high]),
    ]),
  );
  return csvText([[...head, 'baseline', 'ratio', 'ratio low', 'ratio high'], ...rows]);
}

export const TAILS_HEAD = ['mode', 'workload', 'metric', 'samples', 'p95', 'p99', 'p99.9'];

/** A row per cell, under TAILS_HEAD. */
export function tailRows({ tails = [] }: Results): string[][] {
  return tails.map((tail) => [
    ...[tail.mode, tail.workload, `${tail.metric} (${tail.unit})`, String(tail.n)],
    ...[0.95, 0.99, 0.999].map((p) => tailCell(tail, p)),
  ]);
}
