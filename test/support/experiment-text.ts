import { parseExperiment } from '../../src/experiment/load.ts';
import type { Experiment } from '../../src/experiment/schema.ts';

/** A small experiment of two modes and two workloads; tests change a line of it. */
export const EXPERIMENT = `name: demo
baseline: native
targets:
  bare: { ssh: gpu-host }
  guest: { ssh: guest1, host: bare }
modes:
  native: { use: native, on: bare }
  slow: { use: custom, on: guest }
workloads:
  - { use: clpeak }
  - { use: command, name: mmul, run: ./mmul, metric: { pattern: "GFLOPS: {value}", unit: GFLOP/s, better: higher } }
`;

/** The same with one text of it replaced, which must occur once. */
export function experimentText(from = '', to = ''): string {
  if (from !== '' && EXPERIMENT.split(from).length !== 2)
    throw new RangeError(`expected once in the experiment: ${from}`);
  return EXPERIMENT.replace(from, () => to);
}

/** An experiment of the given design (YAML) on modes native and slow with the workload mmul. */
export function experimentWith(design: string, modes = '{ use: native, on: bare }'): Experiment {
  return parseExperiment(
    `name: demo
targets:
  bare: { ssh: gpu-host }
modes:
  native: { use: native, on: bare }
  slow: ${modes}
workloads:
  - { use: command, name: mmul, run: ./mmul, metric: { duration: true } }
design: ${design}
`,
    'experiment.yaml',
  );
}
