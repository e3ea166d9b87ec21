import type { Cell } from '../../src/compare/results.ts';

/** A cell whose blocks, from 1 on, have one sample each, told by its log. */
export function cellOf(logs: ArrayLike<number>, workload = 'work'): Cell {
  const trials = Array.from(logs, (log, index) => ({
    trial: `${index + 1}`,
    block: index + 1,
    wall: '',
    boot: null,
    values: [100 * Math.exp(log)],
    guests: {},
  }));
  return { mode: 'native', workload, metric: 'time', unit: 'ms', better: 'lower', phases: {}, trials };
}
