/** How often a gate on a machine that wanders raises a false alarm, alone and confirmed by fresh blocks. */
import type { Cell, Results } from '../../src/compare/results.ts';
import { confirmed } from '../../src/gate/confirmed.ts';
import { gateOf } from '../../src/gate/gate.ts';
import { derive, seeded } from '../../src/statistics/prng.ts';
import { simulatedRun } from '../compare/simulated-run.ts';
import { draws, standardNormal } from '../statistics/draws.ts';
import { wanderingBlocks } from '../statistics/series.ts';
import { type Rate, rateOf } from './rate.ts';

const CELLS = 20;
const BLOCKS = 10;
const MARGIN = 0.03;
/** Of a block’s log in either arm of a steady machine. */
const SD = 0.01;
const template = simulatedRun({ design: '{ blocks: 1 }' }).results;

/** Of each arm the logs of its time over twice as many blocks: those of a run, and those that are added to it. */
interface Machine {
  native: Float64Array;
  cells: Float64Array[];
}

function machineOf(seed: string, steady: boolean): Machine {
  const series = (name: string | number) => {
    const random = seeded(derive(seed, name));
    return steady
      ? draws(2 * BLOCKS, () => SD * standardNormal(random))
      : wanderingBlocks(2 * BLOCKS, random);
  };
  return { native: series('native'), cells: Array.from({ length: CELLS }, (_, cell) => series(cell)) };
}

/** The baseline's own figures don't count, since machines wander, too. */
function resultsOf({ native, cells }: Machine, from: number, kernel: string, factor = 1): Results {
  const cell = (mode: string, index: number, logs: Float64Array, times: number): Cell => ({
    ...{ mode, workload: `w${index}`, metric: 'time', unit: 'ms', better: 'lower', phases: {} },
    trials: Array.from(logs.subarray(from, from + BLOCKS), (log, i) => ({
      ...{ trial: `${i}`, block: from + i, wall: '', boot: null, guests: {} },
      values: [100 * times * Math.exp(log)],
    })),
  });
  return {
    ...template,
    environment: [
      {
        target: 'a',
        shell: 'sh',
        clock: { source: 'x', tickNs: 1, monotonic: true },
        fingerprint: { kernel },
      },
    ],
    cells: [
      ...cells.map((_, index) => cell('native', index, native, 1)),
      ...cells.map((logs, index) => cell('slow', index, logs, index === 0 ? factor : 1)),
    ],
  };
}

/** The outcome of a campaign, alone and confirmed by as many fresh blocks; one cell takes so many times as long in HEAD. */
function campaign(i: number, { factor = 1, steady = false }) {
  const base = resultsOf(machineOf(derive('confirmed', i, 'base'), steady), 0, 'one');
  const machine = machineOf(derive('confirmed', i, 'head'), steady);
  const head = resultsOf(machine, 0, 'two', factor);
  const first = gateOf(base, head, MARGIN);
  const fresh = resultsOf(machine, BLOCKS, 'two', factor);
  return { alone: first.outcome, confirmed: confirmed(first, { base, head, fresh }, BLOCKS).outcome };
}

export function confirmedRates(campaigns: number): Rate[] {
  const heading = `A gate of ${CELLS} cells, ${BLOCKS} blocks a run, confirmed by as many fresh blocks`;
  const rates = (
    what: string,
    change: Parameters<typeof campaign>[1],
    bounds: Pick<Rate, 'least' | 'most'>,
  ) => {
    const found = Array.from({ length: campaigns }, (_, i) => campaign(i, change));
    const alarms = (key: 'alone' | 'confirmed') => found.filter((one) => one[key] === 'slower').length;
    return [
      rateOf(heading, `${what}: an alarm`, alarms('alone'), campaigns),
      rateOf(heading, `${what}, confirmed: an alarm`, alarms('confirmed'), campaigns, bounds),
    ];
  };
  return [
    ...rates('a machine that wanders, nothing changed', {}, { most: 10 }),
    ...rates('a machine that wanders, one cell takes three times as long', { factor: 3 }, {}),
    ...rates(`a steady machine, sd ${100 * SD}%, nothing changed`, { steady: true }, { most: 5 }),
    ...rates(
      `a steady machine, sd ${100 * SD}%, one cell takes 8% longer`,
      { steady: true, factor: 1.08 },
      {
        least: 90,
      },
    ),
  ];
}
