/** The history that docs/trend.md tells of: 60 nights, another driver halfway, then a step and a drift. */
import type { HistoryLine } from '../../src/trend/line.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { standardNormal } from '../statistics/draws.ts';
import { digestOf, simulatedHistory } from './simulated-history.ts';

const RUNS = 60;
const DRIVER = 30;
const STEP = 44;
/** Between runs, and the half of a run’s interval; of logs. */
const SD = 0.006;
const HALF = 0.008;

const LEVELS = [
  { mode: 'pvdrm', workload: 'mmul', metric: 'GFLOPS', unit: 'GFLOP/s', level: 0.72 },
  { mode: 'pvdrm', workload: 'copy', metric: 'rate', unit: 'GB/s', level: 0.63 },
  { mode: 'cached', workload: 'mmul', metric: 'GFLOPS', unit: 'GFLOP/s', level: 0.84 },
  { mode: 'cached', workload: 'copy', metric: 'rate', unit: 'GB/s', level: 0.79 },
] as const;

export function exampleHistory(): HistoryLine[] {
  const random = seeded(derive('example', 1));
  const hex = seeded(derive('example', 'commits'));
  const commits = Array.from({ length: RUNS }, () =>
    Array.from({ length: 5 }, () => hex.uint32().toString(16).padStart(8, '0')).join(''),
  );
  return simulatedHistory({
    ...{ runs: RUNS, cells: LEVELS.length, margin: 0.02 },
    mean: (run, cell) => {
      const driver = run < DRIVER ? 0 : 0.03;
      const step = cell === 2 && run >= STEP ? -0.05 : 0;
      const drift = cell === 1 && run >= DRIVER ? (-0.05 * (run - DRIVER)) / (RUNS - DRIVER) : 0;
      return Math.log(LEVELS[cell]?.level ?? 1) + driver + step + drift + SD * standardNormal(random);
    },
    environment: (run) => ({
      environment: { dom0: digestOf(0), guest1: digestOf(run < DRIVER ? 1 : 2) },
      facts: { 'dom0.xen': '4.17', 'guest1.nvidia': run < DRIVER ? '535.183' : '550.54' },
    }),
    over: (run) => {
      const started = new Date(Date.UTC(2026, 2, 1 + run, 2)).toISOString();
      const origin = { commit: commits[run] ?? '', branch: 'main', dirty: false };
      return { experiment: 'nightly', started, ended: started, origin };
    },
    cellOver: (_, cell) => {
      const { mode, workload, metric, unit } = LEVELS[cell] ?? LEVELS[0];
      return { mode, workload, metric, unit, better: 'higher' };
    },
  }).map((line) => ({
    ...line,
    cells: line.cells.map((cell) => ({ ...cell, low: cell.mean - HALF, high: cell.mean + HALF })),
  }));
}
