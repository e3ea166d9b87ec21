/** Histories without a machine: lines of runs whose cells’ figures come from a function. */
import { HISTORY_FORMAT, type HistoryCell, type HistoryLine } from '../../src/trend/line.ts';

export const digestOf = (value: number): string => value.toString(16).padStart(16, '0');

export interface SimulatedHistory {
  runs: number;
  cells: number;
  /** The log of performance. */
  mean: (run: number, cell: number) => number;
  margin?: number;
  /** Of the targets, from the run on. */
  environment?: (run: number) => Pick<HistoryLine, 'environment' | 'facts'>;
  over?: (run: number) => Partial<HistoryLine>;
  cellOver?: (run: number, cell: number) => Partial<HistoryCell>;
}

/** A run an hour, each from a commit of its own. */
export function simulatedHistory(history: SimulatedHistory): HistoryLine[] {
  return Array.from({ length: history.runs }, (_, run) => lineOf(history, run));
}

export function lineOf(
  { cells, mean, margin = 0.01, environment, over, cellOver }: SimulatedHistory,
  run: number,
): HistoryLine {
  const at = (minute: number) => new Date(Date.UTC(2030, 0, 1, run, minute)).toISOString();
  return {
    v: HISTORY_FORMAT,
    run: digestOf(run + 1),
    experiment: 'simulated',
    started: at(0),
    ended: at(30),
    origin: { commit: commitOf(run), branch: 'main', dirty: false },
    versions: { vgpubench: '1' },
    ...(environment?.(run) ?? { environment: { guest: digestOf(0) }, facts: { 'guest.kernel': '6.1' } }),
    confidence: 0.95,
    margin,
    whole: true,
    cells: Array.from({ length: cells }, (_, cell) => {
      const value = mean(run, cell);
      return {
        ...{
          mode: 'slow',
          workload: `w${cell}`,
          metric: 'time',
          unit: 'ms',
          better: 'lower',
          kind: 'relative',
        },
        ...{ mean: value, low: value - 0.01, high: value + 0.01, n: 10, asked: digestOf(0) },
        ...cellOver?.(run, cell),
      };
    }),
    ...over?.(run),
  };
}

export const commitOf = (run: number): string => `c${run}`.padEnd(40, '0');
